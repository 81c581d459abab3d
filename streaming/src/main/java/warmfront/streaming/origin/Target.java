package warmfront.streaming.origin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.streaming.segment.Resource;

/** What a request's target names. */
sealed interface Target {
  /** Something of a channel. */
  record OfChannel(String channel, Resource resource) implements Target {}

  /** A channel as one endless FLV file. */
  record Flv(String channel) implements Target {}

  /** The time, for players that measure how far behind they are. */
  record Time() implements Target {}

  /** Nothing. */
  record Unknown() implements Target {}

  /** Delivery directives that are none. */
  record Malformed(String reason) implements Target {}

  /** {@code /channel.flv}, or {@code /channel/name}; a channel's name is a DNS label. */
  Pattern PATH = Pattern.compile("/([a-z0-9][a-z0-9-]{0,62})(?:\\.flv|/([A-Za-z0-9.-]{1,80}))");

  /** Reads a target in origin form (RFC 9112, 3.2.1). */
  static Target read(String target) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return new Unknown();
    }
    String channel = matcher.group(1);
    String name = matcher.group(2);
    if (name == null) {
      return new Flv(channel);
    }
    if (name.equals("time")) {
      return new Time();
    }
    return switch (Resource.read(name, query)) {
      case Resource.Named(Resource resource) -> new OfChannel(channel, resource);
      case Resource.Unnamed _ -> new Unknown();
      case Resource.Refused(String reason) -> new Malformed(reason);
    };
  }
}
