package warmfront.edge.cache;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;

/**
 * The cache tags of an object, as hashes: an invalidation looks for no more. They are what the
 * origin listed when it was asked last, under the name that the distribution had for the field
 * then. The hashes are on disk, so they stay what they are.
 */
final class Tags {
  static final Tags NONE = new Tags(new long[0]);

  /** CloudFront: the first 50 tags of an object count. */
  static final int MAX = 50;

  /** CloudFront: a tag has at most 256 characters; a longer one cannot be invalidated. */
  private static final int CHARS_MAX = 256;

  /** Begins the hash of a tag, so that it is no path's. */
  private static final long SEED = 0x9E3779B97F4A7C15L;

  private final long[] hashes;

  private Tags(long[] hashes) {
    this.hashes = hashes;
  }

  /** Returns the tags of these hashes. */
  static Tags of(LongStream hashes) {
    long[] all = hashes.toArray();
    return all.length == 0 ? NONE : new Tags(all);
  }

  /**
   * Returns the tags that a field of an answer lists between commas, whatever their case.
   *
   * @param header the field's name
   */
  static Tags in(Fields fields, String header) {
    @Nullable String listed = fields.joined(header);
    if (listed == null) {
      return NONE;
    }
    long[] found = new long[MAX];
    int count = 0;
    for (int from = 0; count < MAX && from <= listed.length(); ) {
      int comma = listed.indexOf(',', from);
      int end = comma < 0 ? listed.length() : comma;
      String tag = listed.substring(from, end).strip();
      if (isTag(tag)) {
        found[count++] = hash(tag, 0);
      }
      from = end + 1;
    }
    return of(Arrays.stream(found, 0, count));
  }

  private static boolean isTag(String text) {
    return !text.isEmpty()
        && text.length() <= CHARS_MAX
        && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  /** Returns the hash of the tag that begins at {@code from}; case does not count in tags. */
  static long hash(String text, int from) {
    long hash = SEED;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      hash = InvalidPaths.step(hash, c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return InvalidPaths.mix(hash);
  }

  int size() {
    return hashes.length;
  }

  long hashAt(int index) {
    return hashes[index];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tags tags && Arrays.equals(hashes, tags.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return "%d cache tags".formatted(hashes.length);
  }
}
