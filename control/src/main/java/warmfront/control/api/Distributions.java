package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionWithTagsRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionWithTagsResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionList;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionsResponse;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.Family.Tagged;
import warmfront.control.api.wire.Members;

/** The operations of web distributions. */
final class Distributions {
  private static final String PATH = "/2020-05-31/distribution/";

  private final Resources<DistributionConfig, Distribution> all;
  private final Quotas quotas;

  Distributions(Resources<DistributionConfig, Distribution> all, Quotas quotas) {
    this.all = all;
    this.quotas = quotas;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateDistribution",
        CreateDistributionRequest.class,
        CreateDistributionRequest::builder,
        asked -> {
          Kept<Distribution> made = all.create(asked.distributionConfig(), Tagged.NONE.tags());
          return CreateDistributionResponse.builder()
              .distribution(made.resource())
              .location(PATH + made.row().id())
              .eTag(made.etag())
              .build();
        });
    handlers.on(
        "CreateDistributionWithTags",
        CreateDistributionWithTagsRequest.class,
        CreateDistributionWithTagsRequest::builder,
        this::createWithTags);
    handlers.on(
        "GetDistribution",
        GetDistributionRequest.class,
        GetDistributionRequest::builder,
        asked -> {
          Kept<Distribution> kept = all.get(asked.id());
          return GetDistributionResponse.builder()
              .distribution(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetDistributionConfig",
        GetDistributionConfigRequest.class,
        GetDistributionConfigRequest::builder,
        asked -> {
          Kept<Distribution> kept = all.get(asked.id());
          return GetDistributionConfigResponse.builder()
              .distributionConfig(kept.resource().distributionConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateDistribution",
        UpdateDistributionRequest.class,
        UpdateDistributionRequest::builder,
        asked -> {
          Kept<Distribution> kept =
              all.update(
                  asked.id(), Optional.ofNullable(asked.ifMatch()), asked.distributionConfig());
          return UpdateDistributionResponse.builder()
              .distribution(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeleteDistribution",
        DeleteDistributionRequest.class,
        DeleteDistributionRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteDistributionResponse.builder().build();
        });
    handlers.on(
        "ListDistributions",
        ListDistributionsRequest.class,
        ListDistributionsRequest::builder,
        this::list);
  }

  private CreateDistributionWithTagsResponse createWithTags(
      CreateDistributionWithTagsRequest asked) {
    Map<String, String> tags =
        Tagging.tags(asked.distributionConfigWithTags().tags(), quotas.tags());
    Kept<Distribution> made =
        all.create(asked.distributionConfigWithTags().distributionConfig(), tags);
    return CreateDistributionWithTagsResponse.builder()
        .distribution(made.resource())
        .location(PATH + made.row().id())
        .eTag(made.etag())
        .build();
  }

  private ListDistributionsResponse list(ListDistributionsRequest asked) {
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
    Page<Distribution> page = all.list(List.of(""), paging.marker(), paging.max());
    DistributionList.Builder list =
        DistributionList.builder()
            .marker(Objects.requireNonNullElse(asked.marker(), ""))
            .maxItems(paging.max())
            .isTruncated(page.next().isPresent())
            .nextMarker(page.next().orElse(null))
            .quantity(page.items().size());
    if (!page.items().isEmpty()) {
      list.items(page.items().stream().map(Distributions::summary).toList());
    }
    return ListDistributionsResponse.builder().distributionList(list.build()).build();
  }

  private static DistributionSummary summary(Kept<Distribution> kept) {
    Distribution distribution = kept.resource();
    return Members.copy(distribution.distributionConfig(), DistributionSummary.builder())
        .id(distribution.id())
        .arn(distribution.arn())
        .eTag(kept.etag())
        .status(distribution.status())
        .lastModifiedTime(distribution.lastModifiedTime())
        .domainName(distribution.domainName())
        .build();
  }
}
