package warmfront.edge.smooth;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A piece of a presentation, as a URL asks for it ([MS-SSTR], sections 2.2.1 and 2.2.3). */
public sealed interface Piece {
  /** Returns the path of the presentation's server manifest. */
  String presentation();

  /**
   * What its streams are, for players.
   *
   * @param presentation ends in {@code .ism}
   */
  record Manifest(String presentation) implements Piece {}

  /**
   * A few seconds of one stream.
   *
   * @param presentation ends in {@code .ism}
   * @param bitrate which of the stream's tracks, in bits a second
   * @param stream its name
   * @param time when the fragment begins, in the units of the track
   */
  record Fragment(String presentation, long bitrate, String stream, long time) implements Piece {}

  /** What follows the presentation's path. */
  Pattern FRAGMENT =
      Pattern.compile(
          "QualityLevels\\((\\d{1,18})(?:,[^()/]*)?\\)/Fragments\\(([^()=/]{1,100})=(\\d{1,18})\\)",
          Pattern.CASE_INSENSITIVE);

  /** Returns what a raw path asks for; empty if it is not a piece of a presentation. */
  static Optional<Piece> of(String path) {
    int end = path.toLowerCase(Locale.ROOT).lastIndexOf(".ism/");
    if (end < 2 || path.charAt(end - 1) == '/') {
      return Optional.empty();
    }
    String presentation = path.substring(0, end + ".ism".length());
    String rest = unescaped(path.substring(end + ".ism/".length()));
    if (rest.equalsIgnoreCase("Manifest")) {
      return Optional.of(new Manifest(presentation));
    }
    Matcher matcher = FRAGMENT.matcher(rest);
    return matcher.matches()
        ? Optional.of(
            new Fragment(
                presentation,
                Long.parseLong(matcher.group(1)),
                matcher.group(2),
                Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  /** Some clients escape what may stand in a path as it is (RFC 3986, section 2.2). */
  private static String unescaped(String text) {
    return text.replaceAll("%28", "(")
        .replaceAll("%29", ")")
        .replaceAll("%3[Dd]", "=")
        .replaceAll("%2[Cc]", ",");
  }
}
