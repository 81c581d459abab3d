package warmfront.control.api.acm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Row;

/**
 * What callers are told of a certificate, as JSON.
 *
 * @param row its row
 * @param certificate what edges show
 * @param usedBy the ARNs of distributions and tenants that show it
 * @param zone the fleet's DNS zone
 * @param now the time
 */
record Said(Row row, AliasCertificate certificate, List<String> usedBy, String zone, Instant now) {
  private static final int RECORD_BYTES = 16;

  Said {
    usedBy = List.copyOf(usedBy);
  }

  /** Returns ISSUED or EXPIRED. */
  String status() {
    return now.isAfter(certificate.ends()) ? "EXPIRED" : "ISSUED";
  }

  String keyAlgorithm() {
    return certificate.keyAlgorithm().orElse("");
  }

  /** Returns what a list has of a certificate. */
  Map<String, Object> summary() {
    Map<String, Object> said = common(Requested.of(row));
    said.put("SubjectAlternativeNameSummaries", certificate.names());
    said.put("HasAdditionalSubjectAlternativeNames", false);
    said.put("KeyUsages", certificate.usages());
    said.put("InUse", !usedBy.isEmpty());
    return said;
  }

  /** Returns all that there is to say of a certificate. */
  Map<String, Object> detail() {
    Optional<Requested> requested = Requested.of(row);
    Map<String, Object> said = common(requested);
    said.put("SubjectAlternativeNames", certificate.names());
    said.put("Serial", certificate.serial());
    said.put("Subject", certificate.subject());
    said.put("Issuer", certificate.issuer());
    said.put("SignatureAlgorithm", certificate.signatureAlgorithm());
    said.put(
        "KeyUsages", certificate.usages().stream().map(usage -> Map.of("Name", usage)).toList());
    said.put("InUseBy", usedBy);
    said.put(
        "Options",
        Map.of(
            "CertificateTransparencyLoggingPreference",
            requested.map(Requested::transparency).orElse("DISABLED")));
    requested.ifPresent(wanted -> {
      List<Map<String, Object>> validated = wanted.names().stream().map(this::validated).toList();
      said.put("DomainValidationOptions", validated);
      wanted
          .renewed()
          .ifPresent(at ->
              said.put(
                  "RenewalSummary",
                  Map.of(
                      "RenewalStatus",
                      "SUCCESS",
                      "DomainValidationOptions",
                      validated,
                      "UpdatedAt",
                      at)));
    });
    return said;
  }

  private Map<String, Object> common(Optional<Requested> requested) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("CertificateArn", row.id());
    said.put("DomainName", certificate.domainName());
    said.put("Status", status());
    said.put("Type", requested.isPresent() ? "AMAZON_ISSUED" : "IMPORTED");
    said.put("KeyAlgorithm", keyAlgorithm());
    said.put(
        "RenewalEligibility",
        requested.isPresent() && !usedBy.isEmpty() ? "ELIGIBLE" : "INELIGIBLE");
    said.put("NotBefore", certificate.begins());
    said.put("NotAfter", certificate.ends());
    said.put("CreatedAt", row.created());
    said.put(requested.isPresent() ? "IssuedAt" : "ImportedAt", row.modified());
    return said;
  }

  /**
   * Tools read a record of DNS for each name and set it. The fleet's authority asks nobody, so that
   * nothing depends on it; a wildcard has the record of the name above it, as at ACM.
   */
  private Map<String, Object> validated(String name) {
    String domain = name.startsWith("*.") ? name.substring(2) : name;
    return Map.of(
        "DomainName",
        name,
        "ValidationDomain",
        name,
        "ValidationStatus",
        "SUCCESS",
        "ValidationMethod",
        "DNS",
        "ResourceRecord",
        Map.of(
            "Name",
            "_%s.%s.".formatted(label("name " + domain), domain),
            "Type",
            "CNAME",
            "Value",
            "_%s.certificates.%s.".formatted(label("value " + domain), zone)));
  }

  private static String label(String of) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, RECORD_BYTES);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
