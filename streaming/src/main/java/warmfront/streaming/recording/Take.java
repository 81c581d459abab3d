package warmfront.streaming.recording;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import warmfront.distribution.Channel;

/**
 * A recording's identity.
 *
 * @param channel the channel's name
 * @param to where it goes
 * @param began when its first frame came, in whole seconds
 */
record Take(String channel, Channel.Recording to, Instant began) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Returns its name: {@code cam1-20261130T055608Z}. */
  String name() {
    return channel + "-" + STAMP.format(began);
  }

  /** Returns the object that it becomes. */
  Buckets.Name object() {
    return new Buckets.Name(to.bucket(), to.key(name() + ".mp4"));
  }

  /** Returns the same, a second later. */
  Take later() {
    return new Take(channel, to, began.plusSeconds(1));
  }
}
