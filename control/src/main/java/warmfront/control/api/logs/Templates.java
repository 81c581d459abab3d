package warmfront.control.api.logs;

import java.util.List;
import java.util.Map;
import warmfront.control.api.wire.Asked;

/** What a delivery may be made of: there is one template, access logs to buckets. */
final class Templates {
  private static final String SERVICE = "cloudfront";
  private static final String RESOURCE_TYPE = "distribution";

  private Templates() {}

  /** Returns the template, if none of the filters is against it. */
  static Map<String, Object> list(Asked asked) {
    boolean meant =
        asked.text("service").map(SERVICE::equals).orElse(true)
            && has(asked, "logTypes", Sources.ACCESS_LOGS)
            && has(asked, "resourceTypes", RESOURCE_TYPE)
            && has(asked, "deliveryDestinationTypes", Destinations.TYPE);
    return Map.of("configurationTemplates", meant ? List.of(template()) : List.of());
  }

  private static boolean has(Asked asked, String filter, String value) {
    List<String> wanted = asked.texts(filter);
    return wanted.isEmpty() || wanted.contains(value);
  }

  private static Map<String, Object> template() {
    return Map.of(
        "service",
        SERVICE,
        "logType",
        Sources.ACCESS_LOGS,
        "resourceType",
        RESOURCE_TYPE,
        "deliveryDestinationType",
        Destinations.TYPE,
        "defaultDeliveryConfigValues",
        Records.standard("w3c").said(),
        "allowedFields",
        Records.ALLOWED.stream().map(field -> Map.of("name", field, "mandatory", false)).toList(),
        "allowedOutputFormats",
        Destinations.FORMATS,
        "allowedActionForAllowVendedLogsDeliveryForResource",
        "cloudfront:AllowVendedLogDeliveryForResource",
        "allowedSuffixPathFields",
        Records.VARIABLES);
  }
}
