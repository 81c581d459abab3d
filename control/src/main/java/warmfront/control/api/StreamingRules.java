package warmfront.control.api;

import java.util.List;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionConfig;
import warmfront.control.api.wire.Refused;

/** The rules of a streaming distribution's configuration, which the table of facts has not. */
final class StreamingRules {
  private final Site site;
  private final Quotas quotas;

  StreamingRules(Site site, Quotas quotas) {
    this.site = site;
    this.quotas = quotas;
  }

  /**
   * Checks a completed configuration.
   *
   * @throws Refused naming the field
   */
  void check(StreamingDistributionConfig config) {
    if (config.callerReference().isEmpty()) {
      throw invalid("CallerReference", "must not be empty");
    }
    Comments.check("StreamingDistributionConfig", config.comment());
    aliases(config.aliases().items());
    SignerRules.check(config.trustedSigners(), site, "StreamingDistributionConfig.TrustedSigners");
    if (config.priceClassAsString().equals("None")) {
      throw invalid("PriceClass", "is not None");
    }
    if (Boolean.TRUE.equals(config.logging().enabled())) {
      DistributionRules.logging(
          "StreamingDistributionConfig", config.logging().bucket(), config.logging().prefix());
    }
  }

  private void aliases(List<String> aliases) {
    if (aliases.size() > quotas.of(Quota.ALIASES)) {
      throw new Refused(
          "TooManyStreamingDistributionCNAMEs",
          "%d aliases; %d are allowed.".formatted(aliases.size(), quotas.of(Quota.ALIASES)));
    }
    AliasRules.check(site, aliases, "StreamingDistributionConfig");
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter StreamingDistributionConfig.%s %s.".formatted(field, what));
  }
}
