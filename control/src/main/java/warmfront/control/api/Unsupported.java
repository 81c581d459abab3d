package warmfront.control.api;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;

/**
 * The settings that edges do not honour yet: refused when not at their default, never silently
 * dropped. {@code docs/compatibility.md} shows this table.
 */
final class Unsupported {
  private Unsupported() {}

  /** Where a setting stands. */
  enum Scope {
    DISTRIBUTION("DistributionConfig"),
    ORIGIN("Origin"),
    BEHAVIOR("CacheBehavior");

    private final String title;

    Scope(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * A setting.
   *
   * @param scope where it stands
   * @param path its members, separated by dots
   * @param accepted the values that are honoured, the default first; none if it must be absent
   * @param reason what is missing
   */
  record Setting(Scope scope, String path, List<String> accepted, String reason) {
    /** Returns its name as documentation gives it. */
    String name() {
      return scope.title() + "." + path;
    }
  }

  private static final List<String> EMPTY = List.of("");
  private static final List<String> ZERO = List.of("0");
  private static final List<String> ABSENT = List.of();

  private static final List<Setting> SETTINGS =
      List.of(
          in(Scope.DISTRIBUTION, "ConnectionFunctionAssociation", ABSENT, "connection functions"),
          in(Scope.BEHAVIOR, "LambdaFunctionAssociations.Quantity", ZERO, "Lambda@Edge"),
          in(Scope.BEHAVIOR, "FunctionAssociations.Quantity", ZERO, "CloudFront Functions"),
          in(Scope.BEHAVIOR, "RealtimeLogConfigArn", EMPTY, "real-time logs"));

  private static Setting in(Scope scope, String path, List<String> accepted, String reason) {
    return new Setting(scope, path, accepted, reason);
  }

  /** Returns the table. */
  static List<Setting> settings() {
    return SETTINGS;
  }

  /**
   * Checks a whole configuration.
   *
   * @throws Refused {@code InvalidArgument}, naming the field
   */
  static void check(DistributionConfig config) {
    check(Scope.DISTRIBUTION, config, "DistributionConfig");
    int index = 0;
    for (Origin origin : config.origins().items()) {
      check(Scope.ORIGIN, origin, "DistributionConfig.Origins.Items[" + index++ + "]");
    }
    check(Scope.BEHAVIOR, config.defaultCacheBehavior(), "DistributionConfig.DefaultCacheBehavior");
    index = 0;
    for (CacheBehavior behavior : config.cacheBehaviors().items()) {
      check(Scope.BEHAVIOR, behavior, "DistributionConfig.CacheBehaviors.Items[" + index++ + "]");
    }
  }

  private static void check(Scope scope, SdkPojo value, String path) {
    for (Setting setting : SETTINGS) {
      if (setting.scope() == scope) {
        find(value, setting.path()).ifPresent(found -> check(setting, found, path));
      }
    }
  }

  private static void check(Setting setting, Object found, String path) {
    boolean honoured = !(found instanceof SdkPojo) && setting.accepted().contains(found.toString());
    if (!honoured) {
      String value = found instanceof SdkPojo ? "" : " with the value '" + found + "'";
      throw new Refused(
          "InvalidArgument",
          "The parameter %s.%s%s is not supported by this version: %s."
              .formatted(path, setting.path(), value, setting.reason()));
    }
  }

  private static Optional<Object> find(SdkPojo value, String path) {
    Optional<Object> found = Optional.of(value);
    for (String name : path.split("\\.", -1)) {
      found =
          found.flatMap(inner ->
              inner instanceof SdkPojo pojo ? Members.value(pojo, name) : Optional.empty());
    }
    return found;
  }
}
