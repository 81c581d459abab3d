package warmfront.streaming.play;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import warmfront.http.DotSegments;
import warmfront.signing.SignedResource;
import warmfront.signing.StreamName;

/**
 * What a viewer calls a stream, and where its object may be. Flash names containers by a prefix and
 * lets the extension be left out; keys of objects have it (CloudFront's guide, RTMP).
 *
 * <p>Some clients escape names as URLs are, others do not, so {@code %} with two hexadecimal digits
 * is an escape and any other {@code %} is itself. What is signed is the name without its escapes:
 * that which is fetched.
 *
 * @param given the name without its query, as the viewer wrote it
 * @param query what follows the question mark, as the viewer wrote it; empty if nothing
 * @param signed the same, its path without escapes, with what shows that it may be played
 * @param paths where the object may be, best first: as in a URL, escaped
 */
public record MediaName(String given, String query, StreamName signed, List<String> paths) {
  /** The longest key of an object, in bytes (S3's quota). */
  static final int KEY_BYTES_MAX = 1024;

  /** The longest name, in characters: signed names have policies in them. */
  static final int LENGTH_MAX = 8192;

  private static final Set<String> MP4 =
      Set.of("mp4", "m4v", "m4a", "mov", "f4v", "f4a", "f4p", "f4b", "3gp", "3g2");
  private static final Set<String> MP3 = Set.of("mp3");
  private static final Set<String> FLV = Set.of("flv", "mp4", "m4v", "m4a", "mov", "f4v", "mp3");
  private static final String UNESCAPED = "-._~/";

  public MediaName {
    paths = List.copyOf(paths);
  }

  /** Returns the name, or nothing if no object can have it. */
  public static Optional<MediaName> of(String text) {
    if (text.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    StreamName name = StreamName.of(text);
    String given = (name.prefix().isEmpty() ? "" : name.prefix() + ":") + name.path();
    String query = text.substring(given.length()).replaceFirst("^(\\?|%3[Ff])", "");
    return key(name.path())
        .map(key ->
            new MediaName(
                given,
                query,
                new StreamName(name.prefix(), key, name.query(), name.presented()),
                paths(name.prefix(), key)));
  }

  /** Returns what a signature has to be for. */
  SignedResource resource() {
    return signed.resource();
  }

  /** Returns the extension of a path, in lower case; empty if it has none. */
  static String extension(String path) {
    int dot = path.lastIndexOf('.');
    return dot <= path.lastIndexOf('/') ? "" : path.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static List<String> paths(String prefix, String key) {
    String escaped = "/" + escape(key);
    String form = prefix.isEmpty() ? "flv" : prefix;
    Set<String> complete =
        switch (form) {
          case "mp4" -> MP4;
          case "mp3" -> MP3;
          default -> FLV;
        };
    return complete.contains(extension(key))
        ? List.of(escaped)
        : List.of(escaped + "." + form, escaped);
  }

  private static Optional<String> key(String path) {
    byte[] given = path.replaceFirst("^/+", "").getBytes(UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(given.length);
    for (int i = 0; i < given.length; i++) {
      int escaped = escapedAt(given, i);
      bytes.write(escaped < 0 ? given[i] : escaped);
      i += escaped < 0 ? 0 : 2;
    }
    return bytes.size() == 0 || bytes.size() > KEY_BYTES_MAX
        ? Optional.empty()
        : text(bytes.toByteArray()).filter(MediaName::mayBeKey);
  }

  /** Returns the byte that an escape at {@code at} stands for, -1 if there is none. */
  private static int escapedAt(byte[] given, int at) {
    if (given[at] != '%' || at + 2 >= given.length) {
      return -1;
    }
    int high = Character.digit(given[at + 1], 16);
    int low = Character.digit(given[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Segments of dots would be resolved away on the way to the origin, so they are no keys here. */
  private static boolean mayBeKey(String key) {
    return !key.startsWith("/")
        && key.chars().noneMatch(c -> c < 0x20 || c == 0x7F)
        && !DotSegments.areIn(key);
  }

  private static String escape(String key) {
    StringBuilder escaped = new StringBuilder(key.length() + 8);
    for (byte octet : key.getBytes(UTF_8)) {
      char c = (char) (octet & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(hex(c >> 4)).append(hex(c & 15));
      }
    }
    return escaped.toString();
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }
}
