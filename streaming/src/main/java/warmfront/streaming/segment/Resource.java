package warmfront.streaming.segment;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be asked of a channel, by its name below the channel's. Names of media carry the number
 * of the broadcast, so that none of them ever means something else.
 */
public sealed interface Resource {
  /** The playlist of renditions. */
  record Multivariant() implements Resource {}

  /** DASH's description of the presentation. */
  record Manifest() implements Resource {}

  /**
   * A playlist of segments.
   *
   * @param from what it has to have to be worth an answer; empty for as it is
   * @param skip whether the segments before the skip boundary may be left out
   */
  record Playlist(Rendition rendition, Optional<Position> from, boolean skip) implements Resource {}

  /** A codec's configuration, the {@code number}th of this broadcast. */
  record Initialization(Rendition rendition, String broadcast, int number) implements Resource {}

  /** A segment. */
  record Whole(Rendition rendition, String broadcast, long sequence) implements Resource {}

  /** A part of a segment. */
  record Part(Rendition rendition, String broadcast, long sequence, int part) implements Resource {}

  /**
   * A place in a playlist.
   *
   * @param sequence the Media Sequence Number of a segment
   * @param part the number of its part; empty for all of it
   */
  record Position(long sequence, OptionalInt part) {}

  /** What a name and a query were read as. */
  sealed interface Read {}

  /** They name a resource, which may exist or not. */
  record Named(Resource resource) implements Read {}

  /** No resource has such a name. */
  record Unnamed() implements Read {}

  /** The query is none (RFC 8216bis, 6.2.5: answered 400). */
  record Refused(String reason) implements Read {}

  /** Media of a rendition: broadcast, then {@code iN}, N or {@code N.P}. */
  Pattern MEDIA =
      Pattern.compile(
          "(video|audio)-([0-9a-z]{1,13})-(?:i(\\d{1,6})\\.mp4|(\\d{1,15})(?:\\.(\\d{1,5}))?\\.m4s)");

  /**
   * Reads a resource's name, of at most 255 characters.
   *
   * @param query undecoded, without its question mark; parameters that do not begin with {@code
   *     _HLS_} are ignored
   */
  static Read read(String name, String query) {
    return switch (name) {
      case "index.m3u8" -> new Named(new Multivariant());
      case "manifest.mpd" -> new Named(new Manifest());
      case "video.m3u8" -> playlist(Rendition.VIDEO, query);
      case "audio.m3u8" -> playlist(Rendition.AUDIO, query);
      default -> media(name);
    };
  }

  private static Read playlist(Rendition rendition, String query) {
    return switch (Directives.read(query)) {
      case Directives.Wrong(String reason) -> new Refused(reason);
      case Directives.Right(Optional<Position> from, boolean skip) ->
          new Named(new Playlist(rendition, from, skip));
    };
  }

  private static Read media(String name) {
    if (name.length() > 255) {
      return new Unnamed();
    }
    Matcher matcher = MEDIA.matcher(name);
    if (!matcher.matches()) {
      return new Unnamed();
    }
    Rendition rendition = Rendition.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    String broadcast = matcher.group(2);
    if (matcher.group(3) != null) {
      return new Named(
          new Initialization(rendition, broadcast, Integer.parseInt(matcher.group(3))));
    }
    long sequence = Long.parseLong(matcher.group(4));
    return matcher.group(5) == null
        ? new Named(new Whole(rendition, broadcast, sequence))
        : new Named(new Part(rendition, broadcast, sequence, Integer.parseInt(matcher.group(5))));
  }
}
