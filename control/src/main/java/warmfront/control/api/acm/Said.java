package warmfront.control.api.acm;

import java.time.Instant;
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
 * @param issued what edges show; empty if it is not issued yet
 * @param usedBy the ARNs of distributions and tenants that show it
 * @param zone the fleet's DNS zone
 * @param now the time
 */
record Said(
    Row row, Optional<AliasCertificate> issued, List<String> usedBy, String zone, Instant now) {
  Said {
    usedBy = List.copyOf(usedBy);
  }

  /** Returns ISSUED or EXPIRED, or how far its request is. */
  String status() {
    return issued
        .map(certificate -> now.isAfter(certificate.ends()) ? "EXPIRED" : "ISSUED")
        .orElse(row.status());
  }

  String keyAlgorithm() {
    return issued
        .map(certificate -> certificate.keyAlgorithm().orElse(""))
        .orElseGet(() -> Requested.of(row).orElseThrow().key().name());
  }

  private List<String> names() {
    return issued
        .map(AliasCertificate::names)
        .orElseGet(() -> Requested.of(row).orElseThrow().names());
  }

  /** Returns what a list has of a certificate. */
  Map<String, Object> summary() {
    Map<String, Object> said = common(Requested.of(row));
    said.put("SubjectAlternativeNameSummaries", names());
    said.put("HasAdditionalSubjectAlternativeNames", false);
    issued.ifPresent(certificate -> said.put("KeyUsages", certificate.usages()));
    said.put("InUse", !usedBy.isEmpty());
    return said;
  }

  /** Returns all that there is to say of a certificate. */
  Map<String, Object> detail() {
    Optional<Requested> requested = Requested.of(row);
    Map<String, Object> said = common(requested);
    said.put("SubjectAlternativeNames", names());
    issued.ifPresent(certificate -> {
      said.put("Serial", certificate.serial());
      said.put("Subject", certificate.subject());
      said.put("Issuer", certificate.issuer());
      said.put("SignatureAlgorithm", certificate.signatureAlgorithm());
      said.put(
          "KeyUsages", certificate.usages().stream().map(usage -> Map.of("Name", usage)).toList());
    });
    said.put("InUseBy", usedBy);
    said.put(
        "Options",
        Map.of(
            "CertificateTransparencyLoggingPreference",
            requested.map(Requested::transparency).orElse("DISABLED")));
    requested.ifPresent(wanted -> {
      List<Map<String, Object>> validated =
          wanted.names().stream().map(name -> validated(name, wanted)).toList();
      said.put("DomainValidationOptions", validated);
      renewal(wanted, validated).ifPresent(summary -> said.put("RenewalSummary", summary));
    });
    return said;
  }

  private Optional<Map<String, Object>> renewal(
      Requested wanted, List<Map<String, Object>> validated) {
    boolean under = row.status().equals(Certificates.RENEWING);
    Optional<Instant> at =
        under ? Optional.of(wanted.tries().last().orElse(row.modified())) : wanted.renewed();
    return at.map(updated ->
        Map.of(
            "RenewalStatus",
            under ? "PENDING_VALIDATION" : "SUCCESS",
            "DomainValidationOptions",
            validated,
            "UpdatedAt",
            updated));
  }

  private Map<String, Object> common(Optional<Requested> requested) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("CertificateArn", row.id());
    said.put(
        "DomainName", issued.map(AliasCertificate::domainName).orElseGet(() -> names().getFirst()));
    said.put("Status", status());
    said.put("Type", requested.isPresent() ? "AMAZON_ISSUED" : "IMPORTED");
    said.put("KeyAlgorithm", keyAlgorithm());
    said.put(
        "RenewalEligibility",
        requested.isPresent() && !usedBy.isEmpty() ? "ELIGIBLE" : "INELIGIBLE");
    said.put("CreatedAt", row.created());
    issued.ifPresent(certificate -> {
      said.put("NotBefore", certificate.begins());
      said.put("NotAfter", certificate.ends());
      said.put(requested.isPresent() ? "IssuedAt" : "ImportedAt", row.modified());
    });
    return said;
  }

  /**
   * Tools read a record of DNS for each name and set it. The fleet's authority asks nobody, so that
   * nothing depends on it then.
   */
  private Map<String, Object> validated(String name, Requested wanted) {
    Proof proof = Proof.of(name, zone, wanted.world());
    return Map.of(
        "DomainName",
        name,
        "ValidationDomain",
        name,
        "ValidationStatus",
        issued.isPresent()
            ? "SUCCESS"
            : row.status().equals(Certificates.PENDING) ? Certificates.PENDING : "FAILED",
        "ValidationMethod",
        "DNS",
        "ResourceRecord",
        Map.of("Name", proof.name() + ".", "Type", "CNAME", "Value", proof.target() + "."));
  }
}
