package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.cloudfront.model.CreateStreamingDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateStreamingDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateStreamingDistributionWithTagsRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateStreamingDistributionWithTagsResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteStreamingDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteStreamingDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.GetStreamingDistributionConfigRequest;
import software.amazon.awssdk.services.cloudfront.model.GetStreamingDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetStreamingDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.GetStreamingDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.ListStreamingDistributionsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListStreamingDistributionsResponse;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistribution;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionList;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.UpdateStreamingDistributionRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateStreamingDistributionResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.Family.Tagged;
import warmfront.control.api.wire.Members;

/** The operations of streaming (RTMP) distributions. */
final class StreamingDistributions {
  private static final String PATH = "/2020-05-31/streaming-distribution/";

  private final Resources<StreamingDistributionConfig, StreamingDistribution> all;
  private final Quotas quotas;

  StreamingDistributions(
      Resources<StreamingDistributionConfig, StreamingDistribution> all, Quotas quotas) {
    this.all = all;
    this.quotas = quotas;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateStreamingDistribution",
        CreateStreamingDistributionRequest.class,
        CreateStreamingDistributionRequest::builder,
        asked -> {
          Kept<StreamingDistribution> made =
              all.create(asked.streamingDistributionConfig(), Tagged.NONE.tags());
          return CreateStreamingDistributionResponse.builder()
              .streamingDistribution(made.resource())
              .location(PATH + made.row().id())
              .eTag(made.etag())
              .build();
        });
    handlers.on(
        "CreateStreamingDistributionWithTags",
        CreateStreamingDistributionWithTagsRequest.class,
        CreateStreamingDistributionWithTagsRequest::builder,
        this::createWithTags);
    handlers.on(
        "GetStreamingDistribution",
        GetStreamingDistributionRequest.class,
        GetStreamingDistributionRequest::builder,
        asked -> {
          Kept<StreamingDistribution> kept = all.get(asked.id());
          return GetStreamingDistributionResponse.builder()
              .streamingDistribution(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetStreamingDistributionConfig",
        GetStreamingDistributionConfigRequest.class,
        GetStreamingDistributionConfigRequest::builder,
        asked -> {
          Kept<StreamingDistribution> kept = all.get(asked.id());
          return GetStreamingDistributionConfigResponse.builder()
              .streamingDistributionConfig(kept.resource().streamingDistributionConfig())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateStreamingDistribution",
        UpdateStreamingDistributionRequest.class,
        UpdateStreamingDistributionRequest::builder,
        asked -> {
          Kept<StreamingDistribution> kept =
              all.update(
                  asked.id(),
                  Optional.ofNullable(asked.ifMatch()),
                  asked.streamingDistributionConfig());
          return UpdateStreamingDistributionResponse.builder()
              .streamingDistribution(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "DeleteStreamingDistribution",
        DeleteStreamingDistributionRequest.class,
        DeleteStreamingDistributionRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteStreamingDistributionResponse.builder().build();
        });
    handlers.on(
        "ListStreamingDistributions",
        ListStreamingDistributionsRequest.class,
        ListStreamingDistributionsRequest::builder,
        this::list);
  }

  private CreateStreamingDistributionWithTagsResponse createWithTags(
      CreateStreamingDistributionWithTagsRequest asked) {
    Map<String, String> tags =
        Tagging.tags(asked.streamingDistributionConfigWithTags().tags(), quotas.tags());
    OwnTags.refuse(tags);
    Kept<StreamingDistribution> made =
        all.create(asked.streamingDistributionConfigWithTags().streamingDistributionConfig(), tags);
    return CreateStreamingDistributionWithTagsResponse.builder()
        .streamingDistribution(made.resource())
        .location(PATH + made.row().id())
        .eTag(made.etag())
        .build();
  }

  private ListStreamingDistributionsResponse list(ListStreamingDistributionsRequest asked) {
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.pageItems());
    Page<StreamingDistribution> page = all.list(List.of(""), paging.marker(), paging.max());
    StreamingDistributionList.Builder list =
        StreamingDistributionList.builder()
            .marker(Objects.requireNonNullElse(asked.marker(), ""))
            .maxItems(paging.max())
            .isTruncated(page.next().isPresent())
            .nextMarker(page.next().orElse(null))
            .quantity(page.items().size());
    if (!page.items().isEmpty()) {
      list.items(page.items().stream().map(StreamingDistributions::summary).toList());
    }
    return ListStreamingDistributionsResponse.builder()
        .streamingDistributionList(list.build())
        .build();
  }

  private static StreamingDistributionSummary summary(Kept<StreamingDistribution> kept) {
    StreamingDistribution distribution = kept.resource();
    return Members.copy(
            distribution.streamingDistributionConfig(), StreamingDistributionSummary.builder())
        .id(distribution.id())
        .arn(distribution.arn())
        .status(distribution.status())
        .lastModifiedTime(distribution.lastModifiedTime())
        .domainName(distribution.domainName())
        .build();
  }
}
