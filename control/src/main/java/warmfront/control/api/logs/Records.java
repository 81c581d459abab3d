package warmfront.control.api.logs;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Refused;
import warmfront.http.DotSegments;

/**
 * What is in a record of a delivery, and where its files are to be.
 *
 * @param fields the names of the fields, in order
 * @param delimiter what stands between them; empty for a format that has none
 * @param suffixPath what follows the bucket's prefix, with variables in braces
 * @param hive whether directories are to be {@code name=value}
 */
record Records(List<String> fields, String delimiter, String suffixPath, boolean hive) {
  /** The fields of standard logs (CloudFront, "Standard logging reference"). */
  static final List<String> STANDARD =
      List.of(
          "date",
          "time",
          "x-edge-location",
          "sc-bytes",
          "c-ip",
          "cs-method",
          "cs(Host)",
          "cs-uri-stem",
          "sc-status",
          "cs(Referer)",
          "cs(User-Agent)",
          "cs-uri-query",
          "cs(Cookie)",
          "x-edge-result-type",
          "x-edge-request-id",
          "x-host-header",
          "cs-protocol",
          "cs-bytes",
          "time-taken",
          "x-forwarded-for",
          "ssl-protocol",
          "ssl-cipher",
          "x-edge-response-result-type",
          "cs-protocol-version",
          "fle-status",
          "fle-encrypted-fields",
          "c-port",
          "time-to-first-byte",
          "x-edge-detailed-result-type",
          "sc-content-type",
          "sc-content-len",
          "sc-range-start",
          "sc-range-end");

  /** All that may be chosen: those, and some of real-time logs. */
  static final List<String> ALLOWED =
      Stream.concat(
              STANDARD.stream(),
              Stream.of(
                  "timestamp",
                  "timestamp(ms)",
                  "origin-fbl",
                  "origin-lbl",
                  "asn",
                  "c-country",
                  "cache-behavior-path-pattern",
                  "distribution-tenant-id"))
          .toList();

  /** What a suffix path may have in braces. */
  static final List<String> VARIABLES =
      List.of(
          "{DistributionId}", "{distributionid}", "{yyyy}", "{MM}", "{dd}", "{HH}", "{accountid}");

  /** How directories of a Hive are called that are variables. */
  private static final Map<String, String> HIVE =
      Map.of(
          "{DistributionId}",
          "DistributionId",
          "{distributionid}",
          "distributionid",
          "{accountid}",
          "aws-account-id",
          "{yyyy}",
          "year",
          "{MM}",
          "month",
          "{dd}",
          "day",
          "{HH}",
          "hour");

  private static final String TAB = "\t";
  private static final int DELIMITER_CHARS_MAX = 5;
  private static final Pattern PATH = Pattern.compile("[ -~]{0,256}");
  private static final Pattern BRACES = Pattern.compile("\\{[^{}]*}|[{}]");

  Records {
    fields = List.copyOf(fields);
  }

  /** Returns what a delivery has that says nothing else. */
  static Records standard(String format) {
    return new Records(STANDARD, format.equals("json") ? "" : TAB, "", false);
  }

  /** Returns what a row has. */
  static Records kept(Asked kept) {
    Asked s3 = kept.inner("s3DeliveryConfiguration");
    return new Records(
        kept.texts("recordFields"),
        kept.text("fieldDelimiter").orElse(""),
        s3.text("suffixPath").orElse(""),
        s3.flag("enableHiveCompatiblePath"));
  }

  /**
   * Returns what is asked for.
   *
   * @param format the destination's
   * @param before what stands where nothing is asked for
   */
  static Records of(Asked asked, String format, Records before) {
    List<String> fields = asked.texts("recordFields");
    requireFields(fields);
    String delimiter = asked.text("fieldDelimiter").orElse("");
    requireDelimiter(delimiter, format);
    Asked s3 = asked.inner("s3DeliveryConfiguration");
    Optional<String> path = s3.text("suffixPath");
    path.ifPresent(Records::requirePath);
    return new Records(
        fields.isEmpty() ? before.fields() : fields,
        delimiter.isEmpty() ? before.delimiter() : delimiter,
        path.orElse(before.suffixPath()),
        s3.names().contains("enableHiveCompatiblePath")
            ? s3.flag("enableHiveCompatiblePath")
            : before.hive());
  }

  private static void requireFields(List<String> fields) {
    if (new HashSet<>(fields).size() < fields.size()) {
      throw new Refused("ValidationException", "recordFields names a field twice.");
    }
    for (String field : fields) {
      if (!ALLOWED.contains(field)) {
        throw new Refused(
            "ValidationException",
            "recordFields names a field that there is not: '%s'.".formatted(field));
      }
    }
  }

  private static void requireDelimiter(String delimiter, String format) {
    if (!delimiter.isEmpty() && format.equals("json")) {
      throw new Refused(
          "ValidationException", "fieldDelimiter is for the formats plain and w3c, not for json.");
    }
    if (delimiter.length() > DELIMITER_CHARS_MAX || delimiter.matches("(?s).*[\r\n].*")) {
      throw new Refused(
          "ValidationException",
          "fieldDelimiter has at most %d characters, none of them an end of line."
              .formatted(DELIMITER_CHARS_MAX));
    }
  }

  private static void requirePath(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new Refused(
          "ValidationException", "suffixPath has at most 256 characters of printable ASCII.");
    }
    requireWithin("suffixPath", path);
    Matcher braces = BRACES.matcher(path);
    while (braces.find()) {
      if (!VARIABLES.contains(braces.group())) {
        throw new Refused(
            "ValidationException",
            "suffixPath has one of %s in braces, not '%s'.".formatted(VARIABLES, braces.group()));
      }
    }
  }

  /** Refuses a path that could lead out of its bucket. */
  static void requireWithin(String member, String path) {
    if (DotSegments.areIn(path)) {
      throw new Refused(
          "ValidationException", "%s has no segments . and ..: '%s'.".formatted(member, path));
    }
  }

  /**
   * Returns what begins the names of a distribution's objects; only the time is left to be filled
   * in.
   *
   * @param prefix the destination's; empty for the usual
   */
  String path(String prefix, String distribution, String account) {
    String usual = hive ? "AWSLogs/aws-account-id=%s/CloudFront" : "AWSLogs/%s/CloudFront";
    String folder = stripped(prefix).isEmpty() ? usual.formatted(account) : stripped(prefix);
    String suffix = stripped(suffixPath);
    if (hive) {
      for (Map.Entry<String, String> one : HIVE.entrySet()) {
        suffix = suffix.replace(one.getKey(), one.getValue() + "=" + one.getKey());
      }
    }
    suffix =
        suffix
            .replace("{DistributionId}", distribution)
            .replace("{distributionid}", distribution)
            .replace("{accountid}", account);
    return folder + "/" + (suffix.isEmpty() ? "" : suffix + "/");
  }

  private static String stripped(String path) {
    return path.replaceAll("^/+|/+$", "");
  }

  /** Returns it in the API's words. */
  Map<String, Object> said() {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("recordFields", fields);
    if (!delimiter.isEmpty()) {
      said.put("fieldDelimiter", delimiter);
    }
    said.put(
        "s3DeliveryConfiguration",
        Map.of("suffixPath", suffixPath, "enableHiveCompatiblePath", hive));
    return said;
  }
}
