package warmfront.distribution;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * A live stream: who has its key publishes it by RTMP at its home location, from where all others
 * have it.
 *
 * @param id its name, 1 to 63 lower-case letters, digits and dashes, as a DNS label (RFC 1123,
 *     section 2.1)
 * @param keyHash SHA-256 of the stream key, 64 lower-case hexadecimal digits. It need not be kept
 *     secret: a key is made of 160 random bits, which cannot be guessed
 * @param location the code of the location where it is at home
 * @param enabled false: it is neither published nor played
 * @param recording where what is published is kept; empty for nowhere
 * @param part the length of a part of a segment (RFC 8216bis, section 4.4.4.9), 100 ms to the
 *     segment's
 * @param segment the length of a segment, 1 to 10 s
 */
public record Channel(
    String id,
    String keyHash,
    String location,
    boolean enabled,
    Optional<Recording> recording,
    Duration part,
    Duration segment)
    implements Resource {
  /** Most channels. */
  public static final int CHANNELS_MAX = 1_000;

  /** The length of a part where nobody says otherwise. */
  public static final Duration PART = Duration.ofMillis(250);

  /** The length of a segment where nobody says otherwise. */
  public static final Duration SEGMENT = Duration.ofSeconds(2);

  private static final Duration PART_MIN = Duration.ofMillis(100);
  private static final Duration SEGMENT_MIN = Duration.ofSeconds(1);
  private static final Duration SEGMENT_MAX = Duration.ofSeconds(10);

  /** The label of the zone beneath which each channel has a name. */
  private static final String LIVE = "live";

  /**
   * Where what is published is kept.
   *
   * @param bucket the bucket's domain name, lower case, as origins name it
   * @param prefix folders that objects are in, with a slash between; empty for none
   */
  public record Recording(String bucket, String prefix) {
    private static final int PREFIX_MAX = 512;
    private static final String FOLDER = "(?!\\.\\.?(/|$))[A-Za-z0-9_.-]+";

    /**
     * Reads {@code BUCKET} or {@code BUCKET/PREFIX}, as {@link #text} writes it.
     *
     * @throws IllegalArgumentException if the bucket is no domain name, or the prefix has anything
     *     but letters, digits, dots, dashes and underscores between its slashes, so that it would
     *     need escapes somewhere; says which
     */
    public static Recording parse(String text) {
      int slash = text.indexOf('/');
      String bucket = slash < 0 ? text : text.substring(0, slash);
      String prefix = slash < 0 ? "" : text.substring(slash + 1);
      if (!bucket.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
        throw new IllegalArgumentException(
            "a recording goes to a bucket's domain name, as NAME.s3.eu-central-1.amazonaws.com: "
                + bucket);
      }
      if (prefix.length() > PREFIX_MAX || !prefix.matches("(" + FOLDER + "(/" + FOLDER + ")*)?")) {
        throw new IllegalArgumentException(
            "a recording's prefix is up to %d letters, digits, dots, dashes and underscores, in"
                    .formatted(PREFIX_MAX)
                + " folders with a slash between: "
                + prefix);
      }
      return new Recording(bucket, prefix);
    }

    /** Returns the bucket, and a slash and the prefix if there is one. */
    public String text() {
      return prefix.isEmpty() ? bucket : bucket + "/" + prefix;
    }

    /** Returns the name of an object in the bucket. */
    public String key(String name) {
      return prefix.isEmpty() ? name : prefix + "/" + name;
    }
  }

  public Channel {
    if (!id.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "a channel's name is 1 to 63 lower-case letters, digits and dashes, no dash first or"
              + " last: "
              + id);
    }
    if (!keyHash.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a hash has 64 lower-case hexadecimal digits");
    }
    if (!location.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("a location's code is three capital letters: " + location);
    }
    if (segment.compareTo(SEGMENT_MIN) < 0 || segment.compareTo(SEGMENT_MAX) > 0) {
      throw new IllegalArgumentException(
          "a segment lasts 1 to 10 seconds: %d ms".formatted(segment.toMillis()));
    }
    if (part.compareTo(PART_MIN) < 0 || part.compareTo(segment) > 0) {
      throw new IllegalArgumentException(
          "a part lasts 100 ms to the segment's length: %d ms".formatted(part.toMillis()));
    }
  }

  /** Returns this channel, on or off. */
  public Channel withEnabled(boolean on) {
    return new Channel(id, keyHash, location, on, recording, part, segment);
  }

  /** Returns this channel with another key. */
  public Channel withKeyHash(String hash) {
    return new Channel(id, hash, location, enabled, recording, part, segment);
  }

  /** Returns this channel, recorded elsewhere or nowhere. */
  public Channel withRecording(Optional<Recording> other) {
    return new Channel(id, keyHash, location, enabled, other, part, segment);
  }

  /** Returns what is kept of a stream key. */
  public static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }

  /** Returns the name of the channel's home: {@code cam1.live.cdn.example.net}. */
  public String hostName(String zone) {
    return "%s.%s.%s".formatted(id, LIVE, zone);
  }

  /** Returns the wildcard that covers the names of all channels' homes, for certificates. */
  public static String anyHostName(String zone) {
    return "*.%s.%s".formatted(LIVE, zone);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.STREAMING);
  }
}
