package warmfront.control.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GeoRestriction;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Kind;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.Trial;

/** How viewers come in to a distribution: the rules, and what edges are told of it. */
@SuppressWarnings("deprecation") // Certificate and CertificateSource, which the API still has
final class EntranceRules {
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  private final Site site;
  private final Quotas quotas;

  EntranceRules(Site site, Quotas quotas) {
    this.site = site;
    this.quotas = quotas;
  }

  /**
   * Checks a completed configuration.
   *
   * @throws Refused naming the field
   */
  void check(DistributionConfig config) {
    certificate(config.viewerCertificate());
    List<String> aliases = config.aliases().items();
    if (aliases.size() > quotas.of(Quota.ALIASES)) {
      throw new Refused(
          "TooManyDistributionCNAMEs",
          "%d aliases; %d are allowed.".formatted(aliases.size(), quotas.of(Quota.ALIASES)));
    }
    AliasRules.check(site, aliases, "DistributionConfig");
    if (!aliases.isEmpty() && arn(config.viewerCertificate()).isEmpty()) {
      throw new Refused(
          "InvalidViewerCertificate",
          ("To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a"
                  + " trusted certificate that validates your authorization to use the domain name:"
                  + " %s.")
              .formatted(aliases.getFirst()));
    }
    MtlsRules.check(config);
    GeoRestriction geography = config.restrictions().geoRestriction();
    geography(
        "DistributionConfig.Restrictions.GeoRestriction",
        geography.restrictionTypeAsString(),
        geography.items());
  }

  private static void certificate(ViewerCertificate certificate) {
    String path = "DistributionConfig.ViewerCertificate";
    Optional<String> arn = arn(certificate);
    if (arn.isEmpty()) {
      if (certificate.certificate() != null && !certificate.certificate().isEmpty()) {
        throw invalid(path + ".Certificate", "has a CertificateSource of acm or iam");
      }
      return;
    }
    if (Boolean.TRUE.equals(certificate.cloudFrontDefaultCertificate())) {
      throw invalid(
          path, "has either CloudFrontDefaultCertificate, ACMCertificateArn or IAMCertificateId");
    }
    if (given(certificate.acmCertificateArn()).isPresent()
        && given(certificate.iamCertificateId()).isPresent()) {
      throw invalid(path, "has either ACMCertificateArn or IAMCertificateId");
    }
    if (!arn.get().equals(certificate.certificate())) {
      throw invalid(path + ".Certificate", "is not its ACMCertificateArn or IAMCertificateId");
    }
    @Nullable String method = certificate.sslSupportMethodAsString();
    if (method == null) {
      throw new Refused(
          "InvalidViewerCertificate",
          path + ".SSLSupportMethod is required with a certificate of one's own: sni-only.");
    }
    if (!method.equals("sni-only")) {
      throw unsupported(path + ".SSLSupportMethod", method, "addresses of a distribution's own");
    }
    if (certificate.minimumProtocolVersionAsString().equals("SSLv3")) {
      throw new Refused(
          "InvalidMinimumProtocolVersion",
          path + ".MinimumProtocolVersion is TLSv1 or later where SSLSupportMethod is sni-only.");
    }
  }

  /** Returns the ARN of a certificate of the certificate manager, or the id of one of IAM. */
  static Optional<String> arn(ViewerCertificate certificate) {
    return given(certificate.acmCertificateArn()).or(() -> given(certificate.iamCertificateId()));
  }

  private static Optional<String> given(@Nullable String text) {
    return Optional.ofNullable(text).filter(value -> !value.isEmpty());
  }

  /**
   * Checks a restriction to countries.
   *
   * @param path where it stands
   */
  static void geography(String path, String type, List<String> countries) {
    boolean restricts = !type.equals("none");
    if (restricts == countries.isEmpty()) {
      throw new Refused(
          "InvalidGeoRestrictionParameter",
          "The parameter %s names countries exactly if RestrictionType is not none: it is %s, with %s."
              .formatted(path, type, countries));
    }
    for (String country : countries) {
      if (!COUNTRIES.contains(country)) {
        throw new Refused(
            "InvalidLocationCode",
            ("The parameter %s has a code of two capital letters of ISO 3166-1 for each country,"
                    + " not '%s'.")
                .formatted(path, country));
      }
    }
    if (Set.copyOf(countries).size() < countries.size()) {
      throw new Refused(
          "InvalidGeoRestrictionParameter",
          "The parameter %s names a country twice.".formatted(path));
    }
  }

  /** Checks that the certificate is there, and for all aliases. */
  static void refer(Transaction tx, DistributionConfig config) {
    Optional<String> arn = arn(config.viewerCertificate());
    if (arn.isEmpty()) {
      return;
    }
    Certificate found =
        tx.latest(Kind.CERTIFICATE, arn.get())
            .map(Certificate.class::cast)
            .orElseThrow(() ->
                new Refused(
                    "InvalidViewerCertificate",
                    "There is no certificate with the ARN or id %s.".formatted(arn.get())));
    AliasCertificate certificate = AliasCertificate.ofPem(found.chainPem());
    for (String alias : config.aliases().items()) {
      if (!certificate.covers(AliasRules.lower(alias))) {
        throw new Refused(
            "InvalidViewerCertificate",
            "The certificate %s is not for the alternate domain name (CNAME) %s, but for %s."
                .formatted(arn.get(), alias, certificate.names()));
      }
    }
  }

  /** Returns what edges are told. */
  static Entrance compile(DistributionConfig config) {
    ViewerCertificate certificate = config.viewerCertificate();
    return new Entrance(
        config.httpVersionAsString().endsWith("3"),
        arn(certificate)
            .map(arn ->
                new Entrance.Shown(arn, policy(certificate.minimumProtocolVersionAsString()))),
        compiled(
            config.restrictions().geoRestriction().restrictionTypeAsString(),
            config.restrictions().geoRestriction().items()),
        new Trial(
            config.staging(),
            Optional.of(config.continuousDeploymentPolicyId()).filter(id -> !id.isEmpty())),
        MtlsRules.compile(config),
        TenancyRules.isShared(config)
            ? Optional.of(TenancyRules.compile(config))
            : Optional.empty(),
        Optional.empty());
  }

  private static TlsPolicy policy(String name) {
    return switch (name) {
      case "TLSv1" -> TlsPolicy.TLS_1;
      case "TLSv1_2016" -> TlsPolicy.TLS_1_2016;
      case "TLSv1.1_2016" -> TlsPolicy.TLS_1_1_2016;
      case "TLSv1.2_2018" -> TlsPolicy.TLS_1_2_2018;
      case "TLSv1.2_2019" -> TlsPolicy.TLS_1_2_2019;
      case "TLSv1.2_2021" -> TlsPolicy.TLS_1_2_2021;
      case "TLSv1.2_2025" -> TlsPolicy.TLS_1_2_2025;
      case "TLSv1.3_2025" -> TlsPolicy.TLS_1_3_2025;
      default -> throw new IllegalArgumentException("no such security policy: " + name);
    };
  }

  /** Returns what edges are told of a restriction to countries. */
  static Geography compiled(String type, List<String> items) {
    Set<String> countries = Set.copyOf(items);
    return switch (type) {
      case "whitelist" -> new Geography(Geography.Rule.ONLY, countries);
      case "blacklist" -> new Geography(Geography.Rule.ALL_BUT, countries);
      default -> Geography.ANYWHERE;
    };
  }

  private static Refused invalid(String path, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(path, what));
  }

  private static Refused unsupported(String path, String value, String reason) {
    return invalid(
        path, "with the value '%s' is not supported by this version: %s".formatted(value, reason));
  }
}
