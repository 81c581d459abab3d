package warmfront.control.api;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.model.CachePolicy;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyList;
import software.amazon.awssdk.services.cloudfront.model.CachePolicySummary;
import software.amazon.awssdk.services.cloudfront.model.CreateCachePolicyRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateCachePolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteCachePolicyRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteCachePolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.GetCachePolicyConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetCachePolicyConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetCachePolicyRequest;
import software.amazon.awssdk.services.cloudfront.model.GetCachePolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.ListCachePoliciesRequest;
import software.amazon.awssdk.services.cloudfront.model.ListCachePoliciesResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateCachePolicyRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateCachePolicyResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.Family.Tagged;

/** The operations of cache policies, managed and custom. */
final class CachePolicies {
  private static final String PATH = "/2020-05-31/cache-policy/";

  private final Resources<CachePolicyConfig, CachePolicy> all;
  private final Quotas quotas;

  CachePolicies(Resources<CachePolicyConfig, CachePolicy> all, Quotas quotas) {
    this.all = all;
    this.quotas = quotas;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateCachePolicy",
        CreateCachePolicyRequest.class,
        CreateCachePolicyRequest::builder,
        this::create);
    handlers.on(
        "GetCachePolicy",
        GetCachePolicyRequest.class,
        GetCachePolicyRequest::builder,
        asked -> {
          Kept<CachePolicy> kept = all.get(asked.id());
          return GetCachePolicyResponse.builder()
              .cachePolicy(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetCachePolicyConfig",
        GetCachePolicyConfigRequest.class,
        GetCachePolicyConfigRequest::builder,
        asked -> {
          Kept<CachePolicy> kept = all.get(asked.id());
          return GetCachePolicyConfigResponse.builder()
              .cachePolicyConfig(kept.resource().cachePolicyConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateCachePolicy",
        UpdateCachePolicyRequest.class,
        UpdateCachePolicyRequest::builder,
        asked -> {
          Kept<CachePolicy> kept =
              all.update(
                  asked.id(), Optional.ofNullable(asked.ifMatch()), asked.cachePolicyConfig());
          return UpdateCachePolicyResponse.builder()
              .cachePolicy(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeleteCachePolicy",
        DeleteCachePolicyRequest.class,
        DeleteCachePolicyRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteCachePolicyResponse.builder().build();
        });
    handlers.on(
        "ListCachePolicies",
        ListCachePoliciesRequest.class,
        ListCachePoliciesRequest::builder,
        this::list);
  }

  private CreateCachePolicyResponse create(CreateCachePolicyRequest asked) {
    Kept<CachePolicy> made = all.create(asked.cachePolicyConfig(), Tagged.NONE.tags());
    return CreateCachePolicyResponse.builder()
        .cachePolicy(made.resource())
        .location(PATH + made.row().id())
        .eTag(made.etag())
        .build();
  }

  private ListCachePoliciesResponse list(ListCachePoliciesRequest asked) {
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
    List<String> parents =
        asked.typeAsString() == null
            ? List.of(Family.MANAGED, "")
            : List.of(asked.typeAsString().equals("managed") ? Family.MANAGED : "");
    Page<CachePolicy> page = all.list(parents, paging.marker(), paging.max());
    return ListCachePoliciesResponse.builder()
        .cachePolicyList(
            CachePolicyList.builder()
                .maxItems(paging.max())
                .nextMarker(page.next().orElse(null))
                .quantity(page.items().size())
                .items(page.items().stream().map(CachePolicies::summary).toList())
                .build())
        .build();
  }

  private static CachePolicySummary summary(Kept<CachePolicy> kept) {
    return CachePolicySummary.builder()
        .type(kept.row().parent().equals(Family.MANAGED) ? "managed" : "custom")
        .cachePolicy(kept.resource())
        .build();
  }
}
