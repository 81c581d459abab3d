package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.StreamingDistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.TrustedSigners;
import warmfront.control.api.wire.Refused;

/** The rules of a streaming distribution's configuration, which the table of facts has not. */
final class StreamingRules {
  private static final String SELF = "self";

  /** CloudFront allowed five AWS accounts for each distribution. */
  private static final int SIGNERS_MAX = 5;

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
    signers(config.trustedSigners());
    if (config.priceClassAsString().equals("None")) {
      throw invalid("PriceClass", "is not None");
    }
    if (Boolean.TRUE.equals(config.logging().enabled())) {
      DistributionRules.logging(
          "StreamingDistributionConfig", config.logging().bucket(), config.logging().prefix());
    }
  }

  private void aliases(List<String> aliases) {
    if (aliases.size() > quotas.aliases()) {
      throw new Refused(
          "TooManyStreamingDistributionCNAMEs",
          "%d aliases; %d are allowed.".formatted(aliases.size(), quotas.aliases()));
    }
    Set<String> names = new HashSet<>();
    for (String alias : aliases) {
      String name = alias.toLowerCase(Locale.ROOT);
      if (!OriginRules.isDomain(name.startsWith("*.") ? name.substring(2) : name)) {
        throw invalid(
            "Aliases",
            "has a DNS name, perhaps with *. at its beginning, not '%s'".formatted(alias));
      }
      if (site.mayBeOwn(name)) {
        throw invalid("Aliases", "has a name of the zone that it gives out itself: " + alias);
      }
      if (!names.add(name)) {
        throw invalid("Aliases", "has a name twice: " + alias);
      }
    }
  }

  /** The one account that there is signs for itself, with any of its public keys. */
  private void signers(TrustedSigners signers) {
    if (signers.enabled() == signers.items().isEmpty()) {
      throw invalid(
          "TrustedSigners", "names signers if it is enabled, and none if it is not enabled");
    }
    if (signers.items().size() > SIGNERS_MAX) {
      throw new Refused(
          "TooManyTrustedSigners",
          "%d signers; %d are allowed.".formatted(signers.items().size(), SIGNERS_MAX));
    }
    for (String signer : signers.items()) {
      if (!signer.equals(SELF) && !signer.equals(site.account())) {
        throw new Refused(
            "TrustedSignerDoesNotExist",
            "There is no account %s here; the one that there is is named %s."
                .formatted(signer, SELF));
      }
    }
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument",
        "The parameter StreamingDistributionConfig.%s %s.".formatted(field, what));
  }
}
