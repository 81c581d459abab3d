package warmfront.control;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import warmfront.control.api.Annex.Answer;
import warmfront.control.identity.Fleet;
import warmfront.distribution.Channel;

/**
 * The live channels: {@code /fleet/channels} lists them with GET, {@code /fleet/channels/NAME}
 * makes one with PUT, shows it with GET, changes it with POST ({@code enabled=true}, {@code
 * enabled=false}, {@code record=BUCKET/PREFIX}, {@code record=off}, {@code key=new}) and removes it
 * with DELETE. A stream key is in the answer that made it, and nowhere else: what is kept of it is
 * a hash.
 */
final class ChannelApi {
  /** As many as nobody tries: 160 bits. */
  private static final int KEY_BYTES = 20;

  /** In the place of a bucket: recorded nowhere. */
  private static final String OFF = "off";

  private final Fleet fleet;
  private final String zone;
  private final SecureRandom random;

  ChannelApi(Fleet fleet, String zone, SecureRandom random) {
    this.fleet = fleet;
    this.zone = zone;
    this.random = random;
  }

  /**
   * Answers a request.
   *
   * @param parts of the path, from {@code channels} on
   * @throws IllegalArgumentException if what it says cannot be a channel; says why
   */
  Answer answer(String method, List<String> parts, Settings settings) {
    return switch (method + parts.size()) {
      case "GET1" -> FleetApi.text(200, listed());
      case "GET2" ->
          fleet
              .channel(parts.get(1))
              .map(channel -> FleetApi.text(200, shown(channel, "")))
              .orElseGet(() -> FleetApi.text(404, "there is no channel " + parts.get(1)));
      case "PUT2" -> make(parts.get(1), settings);
      case "POST2" -> change(parts.get(1), settings);
      case "DELETE2" -> FleetApi.said(fleet.removeChannel(parts.get(1)));
      default ->
          FleetApi.text(
              405,
              "channels are listed and shown with GET, made with PUT, changed with POST, removed"
                  + " with DELETE");
    };
  }

  private Answer make(String name, Settings settings) {
    String key = key();
    Channel channel =
        new Channel(
            name,
            Channel.hash(key),
            settings.required("location").toUpperCase(Locale.ROOT),
            true,
            recording(settings.text("record", OFF)),
            millis(settings, "part-millis", Channel.PART),
            millis(settings, "segment-millis", Channel.SEGMENT));
    settings.refuseUnknown();
    return withKey(key, channel, fleet.create(channel));
  }

  private static Optional<Channel.Recording> recording(String text) {
    return text.equals(OFF) ? Optional.empty() : Optional.of(Channel.Recording.parse(text));
  }

  private static Duration millis(Settings settings, String name, Duration otherwise) {
    return Duration.ofMillis((long) settings.number(name, (double) otherwise.toMillis()));
  }

  private Answer change(String name, Settings settings) {
    String enabled = settings.text("enabled", "");
    String key = settings.text("key", "");
    String record = settings.text("record", "");
    settings.refuseUnknown();
    if (!record.isEmpty() && enabled.isEmpty() && key.isEmpty()) {
      Optional<Channel.Recording> where = recording(record);
      return FleetApi.said(fleet.change(name, channel -> channel.withRecording(where)));
    }
    return switch (enabled + "|" + key + record) {
      case "true|" -> FleetApi.said(fleet.change(name, channel -> channel.withEnabled(true)));
      case "false|" -> FleetApi.said(fleet.change(name, channel -> channel.withEnabled(false)));
      case "|new" -> rotate(name);
      default ->
          throw new IllegalArgumentException(
              "one of these: enabled is true or false, key is new, record is a bucket or off");
    };
  }

  private Answer rotate(String name) {
    String key = key();
    Fleet.Outcome outcome = fleet.change(name, channel -> channel.withKeyHash(Channel.hash(key)));
    return fleet
        .channel(name)
        .map(channel -> withKey(key, channel, outcome))
        .orElseGet(() -> FleetApi.said(outcome));
  }

  private Answer withKey(String key, Channel channel, Fleet.Outcome outcome) {
    return switch (outcome) {
      case Fleet.Outcome.Refused _ -> FleetApi.said(outcome);
      case Fleet.Outcome.Changed _ ->
          FleetApi.text(200, "%-10s %s\n%s".formatted("stream-key", key, shown(channel, key)));
    };
  }

  private String key() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  private String shown(Channel channel, String key) {
    List<String> lines = new ArrayList<>();
    line(lines, "channel", channel.id());
    line(lines, "location", channel.location());
    line(lines, "state", channel.enabled() ? "enabled" : "disabled");
    new ChannelUrls(channel, zone, fleet.servers())
        .lines(key)
        .forEach(named -> line(lines, named.getFirst(), named.getLast()));
    line(lines, "part", channel.part().toMillis() + " ms");
    line(lines, "segment", channel.segment().toMillis() + " ms");
    line(lines, "record", channel.recording().map(Channel.Recording::text).orElse(OFF));
    return String.join("\n", lines);
  }

  private static void line(List<String> lines, String name, String value) {
    lines.add("%-10s %s".formatted(name, value));
  }

  private String listed() {
    List<String> lines = new ArrayList<>();
    for (Channel channel : fleet.channels()) {
      lines.add(
          "%s  %s  %s%s"
              .formatted(
                  channel.id(),
                  channel.location(),
                  channel.enabled() ? "enabled" : "disabled",
                  channel.recording().map(to -> "  recorded to " + to.text()).orElse("")));
    }
    return String.join("\n", lines);
  }
}
