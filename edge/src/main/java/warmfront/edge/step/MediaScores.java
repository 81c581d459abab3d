package warmfront.edge.step;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;

/**
 * How good the media of two origins are, as they say themselves in Common Media Server Data
 * (CTA-5006), by the folder that the media lie in (CloudFront, "Media quality-aware resiliency").
 * Thread-safe.
 */
public final class MediaScores {
  /** So many folders are remembered; those that nobody asks for are forgotten first. */
  private static final int FOLDERS_MAX = 1000;

  /** A score says nothing of what comes so long after it: 30 s, some segments. */
  private static final long VALID_NANOS = 30_000_000_000L;

  /**
   * An origin is asked for a score by itself once a second, which is oftener than segments come.
   */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  /** Header text that is looked at; a list of more is no list of ours. */
  private static final int TEXT_MAX = 2048;

  /**
   * The score: a number from 0 to 100 under a key of its own or behind somebody's prefix. Behind
   * and before it stand what separates keys in a dictionary or parameters (RFC 8941).
   */
  private static final Pattern SCORE =
      Pattern.compile(
          "(?:^|[,;])[ \\t]*(?:[a-z*][a-z0-9_.*-]*[-.])?mqc?s=(\\d{1,3}(?:\\.\\d{1,3})?)"
              + "[ \\t]*(?=$|[,;])");

  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final double BEST = 100;

  private final Map<String, Pair> folders = new Recent(); // guarded by this

  private static final class Recent extends LinkedHashMap<String, Pair> {
    private static final long serialVersionUID = 1;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Pair> eldest) {
      return size() > FOLDERS_MAX;
    }
  }

  /** What both origins said last. */
  private static final class Pair {
    private @Nullable Score first;
    private @Nullable Score second;
    private boolean asked;
    private long askedNanos;
  }

  private record Score(double value, long nanos) {
    static double of(@Nullable Score score, long now) {
      return score == null || now - score.nanos() > VALID_NANOS ? -1 : score.value();
    }
  }

  /** Returns whether the second origin is the better one; not unless both have said a score. */
  public synchronized boolean prefersSecond(String path, long nowNanos) {
    Pair pair = pair(path);
    double first = Score.of(pair.first, nowNanos);
    return first >= 0 && Score.of(pair.second, nowNanos) > first;
  }

  /** Returns whether the other origin is to be asked for its score; then it is not for a second. */
  public synchronized boolean isDue(String path, long nowNanos) {
    Pair pair = pair(path);
    if (pair.asked && nowNanos - pair.askedNanos < PAUSE_NANOS) {
      return false;
    }
    pair.asked = true;
    pair.askedNanos = nowNanos;
    return true;
  }

  /**
   * Takes note of what an origin said; one that does not say how good it is takes back its word.
   */
  public synchronized void note(String path, boolean second, Fields fields, long nowNanos) {
    Pair pair = pair(path);
    double value = Math.max(score(fields, "CMSD-Dynamic"), score(fields, "CMSD-Static"));
    @Nullable Score said = value < 0 ? null : new Score(value, nowNanos);
    if (second) {
      pair.second = said;
    } else {
      pair.first = said;
    }
  }

  private Pair pair(String path) {
    return folders.computeIfAbsent(path.substring(0, path.lastIndexOf('/') + 1), _ -> new Pair());
  }

  private static double score(Fields fields, String name) {
    @Nullable String said = fields.joined(name);
    if (said == null || said.length() > TEXT_MAX) {
      return -1;
    }
    String keys = QUOTED.matcher(said).replaceAll("").toLowerCase(Locale.ROOT);
    Matcher matcher = SCORE.matcher(keys);
    double value = matcher.find() ? Double.parseDouble(matcher.group(1)) : -1;
    return value > BEST ? -1 : value;
  }
}
