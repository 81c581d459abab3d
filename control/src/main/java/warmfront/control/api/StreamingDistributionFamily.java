package warmfront.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.Aliases;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistribution;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.StreamingLoggingConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.publish.Withdrawal;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Streaming (RTMP) distributions. */
final class StreamingDistributionFamily
    implements Family<StreamingDistributionConfig, StreamingDistribution> {
  static final String TYPE = "streaming-distribution";

  /** How a configuration names the account itself. */
  private final Site site;

  private final StreamingRules rules;
  private final Words words;

  StreamingDistributionFamily(Site site, Quotas quotas) {
    this.site = site;
    this.rules = new StreamingRules(site, quotas);
    this.words =
        new Words(
            TYPE,
            "StreamingDistribution",
            Kind.STREAMING_DISTRIBUTION,
            "InProgress",
            "NoSuchStreamingDistribution",
            "TooManyStreamingDistributions",
            quotas.of(Quota.STREAMING_DISTRIBUTIONS),
            "StreamingDistributionNotDisabled");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return StreamingDistribution.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.entity();
  }

  @Override
  public Optional<String> arn(String id) {
    return Optional.of(site.streamingDistributionArn(id));
  }

  @Override
  public StreamingDistributionConfig complete(StreamingDistributionConfig asked) {
    StreamingDistributionConfig config =
        asked.toBuilder()
            .aliases(
                Objects.requireNonNullElse(asked.aliases(), Aliases.builder().quantity(0).build()))
            .logging(
                Objects.requireNonNullElse(
                    asked.logging(),
                    StreamingLoggingConfig.builder().enabled(false).bucket("").prefix("").build()))
            .priceClass(Objects.requireNonNullElse(asked.priceClassAsString(), "PriceClass_All"))
            .build();
    rules.check(config);
    return config;
  }

  @Override
  public void refer(Transaction tx, StreamingDistributionConfig config) {
    String bucket = config.s3Origin().domainName();
    if (!Buckets.isKnown(tx, bucket)) {
      throw new Refused(
          "InvalidOrigin",
          "The parameter S3Origin.DomainName does not refer to a valid S3 bucket: %s."
              .formatted(bucket));
    }
    AccessIdentities.refer(tx, config.s3Origin().originAccessIdentity());
  }

  @Override
  public void change(StreamingDistributionConfig before, StreamingDistributionConfig after) {
    if (!before.callerReference().equals(after.callerReference())) {
      throw new Refused(
          "IllegalUpdate",
          ("The parameter StreamingDistributionConfig.CallerReference cannot be changed: it is"
                  + " '%s'.")
              .formatted(before.callerReference()));
    }
    if (!before.s3Origin().domainName().equalsIgnoreCase(after.s3Origin().domainName())) {
      throw new Refused(
          "IllegalUpdate",
          ("The bucket of a streaming distribution cannot be changed: it is %s. Create another"
                  + " distribution.")
              .formatted(before.s3Origin().domainName()));
    }
  }

  @Override
  public List<Name> names(StreamingDistributionConfig config) {
    Name reference =
        new Name(
            "streaming-distribution-caller-reference",
            config.callerReference(),
            "StreamingDistributionAlreadyExists",
            "The caller reference that you are using to create a streaming distribution is"
                + " associated with another streaming distribution");
    return Stream.concat(Stream.of(reference), AliasRules.claims(config.aliases().items()))
        .toList();
  }

  @Override
  public StreamingDistribution make(Ids ids, String id, StreamingDistributionConfig config) {
    return StreamingDistribution.builder()
        .id(id)
        .domainName(ids.streamingLabel() + "." + site.zone())
        .streamingDistributionConfig(config)
        .build();
  }

  @Override
  public StreamingDistribution with(
      StreamingDistribution resource, StreamingDistributionConfig config) {
    return resource.toBuilder().streamingDistributionConfig(config).build();
  }

  @Override
  public StreamingDistributionConfig config(StreamingDistribution resource) {
    return resource.streamingDistributionConfig();
  }

  @Override
  public StreamingDistribution show(Transaction tx, Row row, StreamingDistribution resource) {
    return resource.toBuilder()
        .arn(site.streamingDistributionArn(row.id()))
        .status(row.status())
        .lastModifiedTime(row.modified())
        .activeTrustedSigners(
            SignerRules.accounts(
                tx, resource.streamingDistributionConfig().trustedSigners().enabled()))
        .build();
  }

  @Override
  public Resource compile(StreamingDistribution resource) {
    StreamingDistributionConfig config = resource.streamingDistributionConfig();
    return new warmfront.distribution.StreamingDistribution(
        resource.id(),
        resource.domainName(),
        config.enabled(),
        config.aliases().items().stream().map(AliasRules::lower).toList(),
        config.s3Origin().domainName().toLowerCase(Locale.ROOT),
        AccessIdentities.id(config.s3Origin().originAccessIdentity()),
        config.trustedSigners().enabled(),
        DistributionCompiler.priceClass(config.priceClassAsString()),
        logging(config.logging()));
  }

  private static Optional<warmfront.distribution.StreamingDistribution.Logging> logging(
      StreamingLoggingConfig logging) {
    return Boolean.TRUE.equals(logging.enabled())
        ? Optional.of(
            new warmfront.distribution.StreamingDistribution.Logging(
                logging.bucket().toLowerCase(Locale.ROOT), logging.prefix()))
        : Optional.empty();
  }

  @Override
  public boolean uses(Resource user, String id) {
    return false;
  }

  @Override
  public void withdraw(Transaction tx, Row row, StreamingDistribution resource, Instant now) {
    if (resource.streamingDistributionConfig().enabled()) {
      throw new Refused(
          "StreamingDistributionNotDisabled",
          "The streaming distribution you are trying to delete has not been disabled.");
    }
    if (!row.status().equals("Deployed")) {
      throw new Refused(
          "StreamingDistributionNotDisabled",
          ("The streaming distribution you are trying to delete is still being deployed: its status"
                  + " is %s.")
              .formatted(row.status()));
    }
    Withdrawal.begin(tx, row.id(), now);
  }
}
