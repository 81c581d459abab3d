package warmfront.control.api;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.EndPoint;
import software.amazon.awssdk.services.cloudfront.model.RealtimeLogConfig;
import warmfront.control.api.Ledger.Entry;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;

/**
 * Configurations of real-time logs, which go by name and have no versions. Edges do not write such
 * logs yet, so that no behavior can name one.
 */
final class RealtimeLogConfigs {
  private static final String TYPE = "realtime-log-config";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::[0-9]{12}:role/.+");
  private static final Pattern STREAM =
      Pattern.compile("arn:[a-z-]+:kinesis:[a-z0-9-]+:[0-9]{12}:stream/.+");
  private static final int SAMPLING_MAX = 100;

  /** What may be in a line (CloudFront's list of 2026), but for the names of CMCD. */
  private static final Set<String> FIELDS =
      Set.of(
          "timestamp",
          "c-ip",
          "s-ip",
          "time-to-first-byte",
          "sc-status",
          "sc-bytes",
          "cs-method",
          "cs-protocol",
          "cs-host",
          "cs-uri-stem",
          "cs-bytes",
          "x-edge-location",
          "x-edge-request-id",
          "x-host-header",
          "time-taken",
          "cs-protocol-version",
          "c-ip-version",
          "cs-user-agent",
          "cs-referer",
          "cs-cookie",
          "cs-uri-query",
          "x-edge-response-result-type",
          "x-forwarded-for",
          "ssl-protocol",
          "ssl-cipher",
          "x-edge-result-type",
          "fle-encrypted-fields",
          "fle-status",
          "sc-content-type",
          "sc-content-len",
          "sc-range-start",
          "sc-range-end",
          "c-port",
          "x-edge-detailed-result-type",
          "c-country",
          "cs-accept-encoding",
          "cs-accept",
          "cache-behavior-path-pattern",
          "cs-headers",
          "cs-header-names",
          "cs-headers-count",
          "primary-distribution-id",
          "primary-distribution-dns-name",
          "origin-fbl",
          "origin-lbl",
          "asn",
          "r-host",
          "sr-reason",
          "x-edge-mqcs",
          "distribution-tenant-id",
          "connection-id");

  private static final Set<String> CMCD =
      Set.of(
          "cmcd-encoded-bitrate",
          "cmcd-buffer-length",
          "cmcd-buffer-starvation",
          "cmcd-content-id",
          "cmcd-object-duration",
          "cmcd-deadline",
          "cmcd-measured-throughput",
          "cmcd-next-object-request",
          "cmcd-next-range-request",
          "cmcd-object-type",
          "cmcd-playback-rate",
          "cmcd-requested-maximum-throughput",
          "cmcd-streaming-format",
          "cmcd-session-id",
          "cmcd-stream-type",
          "cmcd-startup",
          "cmcd-top-bitrate",
          "cmcd-version");

  private final Kit kit;
  private final Ledger<RealtimeLogConfig> ledger;

  RealtimeLogConfigs(Kit kit) {
    this.kit = kit;
    this.ledger =
        new Ledger<>(
            new Ledger.Words(
                TYPE,
                "RealtimeLogConfig",
                "NoSuchRealtimeLogConfig",
                "TooManyRealtimeLogConfigs",
                kit.quotas().of(Quota.REALTIME_LOG_CONFIGS)),
            RealtimeLogConfig::builder,
            kit);
  }

  void register(Handlers handlers) {
    handlers.on("CreateRealtimeLogConfig", this::create);
    handlers.on(
        "GetRealtimeLogConfig",
        (asked, said) -> whole(said, kit.store().read(tx -> ledger.get(tx, name(asked)))));
    handlers.on("UpdateRealtimeLogConfig", this::update);
    handlers.on(
        "DeleteRealtimeLogConfig",
        (asked, said) ->
            kit.store()
                .write(tx -> {
                  ledger.remove(tx, ledger.get(tx, name(asked)).id());
                  return said;
                }));
    handlers.on("ListRealtimeLogConfigs", this::list);
  }

  /**
   * Returns the distributions that use a configuration: none, but the question must name one.
   *
   * @throws Refused {@code InvalidArgument} if it does not
   */
  List<String> users(SdkPojo asked) {
    named(
        Members.text(asked, "RealtimeLogConfigName"), Members.text(asked, "RealtimeLogConfigArn"));
    return List.of();
  }

  private void create(SdkPojo asked, SdkPojo said) {
    RealtimeLogConfig value =
        (RealtimeLogConfig) Members.build(Members.copy(asked, RealtimeLogConfig.builder()));
    check(value);
    whole(
        said,
        kit.store()
            .write(tx -> {
              if (ledger.find(tx, value.name()).isPresent()) {
                throw new Refused(
                    "RealtimeLogConfigAlreadyExists",
                    "A real-time log configuration with the name %s exists already."
                        .formatted(value.name()));
              }
              return ledger.add(tx, value.name(), "", value);
            }));
  }

  /** What the caller left out stays as it is. */
  private void update(SdkPojo asked, SdkPojo said) {
    String name = name(asked);
    whole(
        said,
        kit.store()
            .write(tx -> {
              Entry<RealtimeLogConfig> before = ledger.get(tx, name);
              RealtimeLogConfig value =
                  (RealtimeLogConfig)
                      Members.build(Members.copy(asked, before.value().toBuilder()));
              check(value);
              return ledger.change(tx, before, "", value);
            }));
  }

  private void list(SdkPojo asked, SdkPojo said) {
    Paging paging = Paging.of(asked, kit.quotas());
    List<RealtimeLogConfig> all =
        kit.store()
            .read(tx ->
                ledger.all(tx).stream()
                    .map(Entry::value)
                    .sorted(Comparator.comparing(RealtimeLogConfig::name))
                    .toList());
    SdkPojo list = Members.blank(said, "RealtimeLogConfigs");
    Listing.of(all, paging, RealtimeLogConfig::name).map(this::shown).fill(list, paging);
    Members.set(said, "RealtimeLogConfigs", Members.build(list));
  }

  /** It may be named by its name, by its ARN, or by both if they are one's. */
  private String name(SdkPojo asked) {
    return named(Members.text(asked, "Name"), Members.text(asked, "ARN"));
  }

  private String named(Optional<String> name, Optional<String> arn) {
    Optional<String> ofArn =
        arn.map(text -> {
          String last = text.substring(text.lastIndexOf('/') + 1);
          if (!text.equals(arn(last))) {
            throw invalid("ARN", "is not that of a real-time log configuration here: " + text);
          }
          return last;
        });
    if (name.isPresent() && ofArn.isPresent() && !name.equals(ofArn)) {
      throw invalid("ARN", "is not that of " + name.get());
    }
    return name.or(() -> ofArn).orElseThrow(() -> invalid("Name", "or ARN is required"));
  }

  private static void check(RealtimeLogConfig config) {
    if (!NAME.matcher(config.name()).matches()) {
      throw invalid("Name", "has 1 to 64 letters, digits, - and _: '%s'".formatted(config.name()));
    }
    if (config.samplingRate() < 1 || config.samplingRate() > SAMPLING_MAX) {
      throw invalid(
          "SamplingRate", "is 1 to %d: %d".formatted(SAMPLING_MAX, config.samplingRate()));
    }
    if (config.endPoints().size() != 1) {
      throw invalid("EndPoints", "is one, not %d".formatted(config.endPoints().size()));
    }
    endPoint(config.endPoints().getFirst());
    if (config.fields().isEmpty()
        || new HashSet<>(config.fields()).size() < config.fields().size()) {
      throw invalid("Fields", "names at least one field, and none twice");
    }
    for (String field : config.fields()) {
      if (!FIELDS.contains(field) && !CMCD.contains(field)) {
        throw invalid("Fields", "names a field that there is not: '%s'".formatted(field));
      }
    }
  }

  private static void endPoint(EndPoint endPoint) {
    if (!endPoint.streamType().equals("Kinesis")) {
      throw invalid(
          "EndPoints[0].StreamType", "is Kinesis, not '%s'".formatted(endPoint.streamType()));
    }
    if (endPoint.kinesisStreamConfig() == null) {
      throw invalid("EndPoints[0].KinesisStreamConfig", "is required");
    }
    if (!ROLE.matcher(endPoint.kinesisStreamConfig().roleARN()).matches()) {
      throw invalid("EndPoints[0].KinesisStreamConfig.RoleARN", "is not the ARN of a role");
    }
    if (!STREAM.matcher(endPoint.kinesisStreamConfig().streamARN()).matches()) {
      throw invalid("EndPoints[0].KinesisStreamConfig.StreamARN", "is not the ARN of a stream");
    }
  }

  private static Refused invalid(String parameter, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(parameter, what));
  }

  private String arn(String name) {
    return kit.site().arn(TYPE, name);
  }

  private void whole(SdkPojo said, Entry<RealtimeLogConfig> entry) {
    Members.set(said, "RealtimeLogConfig", shown(entry.value()));
  }

  private RealtimeLogConfig shown(RealtimeLogConfig config) {
    return config.toBuilder().arn(arn(config.name())).build();
  }
}
