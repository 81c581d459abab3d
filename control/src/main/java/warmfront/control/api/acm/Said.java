package warmfront.control.api.acm;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Row;

/** What callers are told of certificates, as JSON. */
final class Said {
  private Said() {}

  static List<Map<String, String>> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
        .toList();
  }

  /** Returns ISSUED or EXPIRED. */
  static String status(AliasCertificate certificate, Instant now) {
    return now.isAfter(certificate.ends()) ? "EXPIRED" : "ISSUED";
  }

  /** Returns what a list has of a certificate. */
  static Map<String, Object> summary(
      Row row, AliasCertificate certificate, boolean inUse, Instant now) {
    Map<String, Object> said = common(row, certificate, now);
    said.put("SubjectAlternativeNameSummaries", certificate.names());
    said.put("HasAdditionalSubjectAlternativeNames", false);
    said.put("KeyUsages", certificate.usages());
    said.put("InUse", inUse);
    return said;
  }

  /** Returns all that there is to say of a certificate. */
  static Map<String, Object> detail(
      Row row, AliasCertificate certificate, List<String> usedBy, Instant now) {
    Map<String, Object> said = common(row, certificate, now);
    said.put("SubjectAlternativeNames", certificate.names());
    said.put("Serial", certificate.serial());
    said.put("Subject", certificate.subject());
    said.put("Issuer", certificate.issuer());
    said.put("SignatureAlgorithm", certificate.signatureAlgorithm());
    said.put(
        "KeyUsages", certificate.usages().stream().map(usage -> Map.of("Name", usage)).toList());
    said.put("InUseBy", usedBy);
    said.put("Options", Map.of("CertificateTransparencyLoggingPreference", "DISABLED"));
    return said;
  }

  private static Map<String, Object> common(Row row, AliasCertificate certificate, Instant now) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("CertificateArn", row.id());
    said.put("DomainName", certificate.domainName());
    said.put("Status", status(certificate, now));
    said.put("Type", "IMPORTED");
    said.put("KeyAlgorithm", certificate.keyAlgorithm().orElse(""));
    said.put("RenewalEligibility", "INELIGIBLE");
    said.put("NotBefore", certificate.begins());
    said.put("NotAfter", certificate.ends());
    said.put("CreatedAt", row.created());
    said.put("ImportedAt", row.modified());
    return said;
  }
}
