package warmfront.edge.cache;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Internal;
import warmfront.http.Fields;

/**
 * What stands under a primary key whose responses differ by fields of requests (RFC 9111, section
 * 4.1): by which fields, and which responses are known. It is written on a label as an object
 * without a body, so that it is found, evicted, invalidated and brought over a restart as objects
 * are. A newer generation leaves all responses of the ones before behind. Thread-safe.
 */
final class Variants {
  /** The status of a label that stands for variants; no response that is kept has it. */
  static final int STATUS = 100;

  /** More names than this are no choice among variants: the response is not kept. */
  static final int NAMES_MAX = 16;

  /** How many responses of one primary key are kept; the one that came first makes room. */
  static final int KNOWN_MAX = 64;

  /** What the keys of variants that have left memory may take of the heap, for most of them. */
  static final int KEYS_BYTES = 4096;

  private static final String FIELD = Internal.PREFIX + "Variants";
  private static final int HEX = 16;

  private final long generation;
  private final List<String> names;

  /** Keys of those that came since it is in memory, the oldest first; guarded by this. */
  private final Set<CacheKey> known = new LinkedHashSet<>(2);

  Variants(long generation, List<String> names) {
    this.generation = generation;
    this.names = List.copyOf(names);
  }

  /** Returns what is written on a label. */
  static Variants of(Fields fields) {
    @Nullable String text = fields.value(FIELD);
    if (text == null) {
      throw new IllegalArgumentException("a label of status 100 that lists no variants");
    }
    String[] parts = text.split(" ", -1);
    List<String> names = new ArrayList<>(List.of(parts)).subList(1, parts.length);
    return new Variants(Long.parseUnsignedLong(parts[0], HEX), names);
  }

  /** Returns what is to be written on a label. */
  Fields fields() {
    List<String> parts = new ArrayList<>(names);
    parts.addFirst(Long.toHexString(generation));
    return Fields.of(FIELD, String.join(" ", parts));
  }

  long generation() {
    return generation;
  }

  /** Returns the names of the fields by which responses differ, in lower case and in order. */
  List<String> names() {
    return names;
  }

  /** Returns where the response is that was chosen for requests like this one. */
  CacheKey key(Inquiry inquiry) {
    return inquiry.variants().key(generation, names);
  }

  /** Notes a response; returns the one that makes room for it, null if there is room. */
  synchronized @Nullable CacheKey add(CacheKey key) {
    if (!known.add(key) || known.size() <= KNOWN_MAX) {
      return null;
    }
    Iterator<CacheKey> oldest = known.iterator();
    CacheKey leaving = oldest.next();
    oldest.remove();
    return leaving;
  }

  /** Returns the keys of those that came since it is in memory. */
  synchronized List<CacheKey> known() {
    return List.copyOf(known);
  }
}
