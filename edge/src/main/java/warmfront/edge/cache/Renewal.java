package warmfront.edge.cache;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import warmfront.http.Fields;

/** What a 304 changes of the fields stored before (RFC 9111, sections 3.2 and 4.3.4). */
final class Renewal {
  /**
   * Fields that describe the stored bytes, which a 304 does not send. ETag is among them because
   * the origin has just confirmed ours, whatever form it answers with.
   */
  private static final Set<String> OF_THE_BYTES =
      Set.of("content-encoding", "content-length", "content-range", "content-type", "etag");

  /**
   * Those that RFC 9111 has left alone: Content-Type is not among them, a digest of the bytes is.
   */
  private static final Set<String> BY_STANDARD =
      Set.of("content-encoding", "content-length", "content-range", "content-md5", "etag");

  private Renewal() {}

  /** Returns the stored fields, those that the 304 names replaced by its own. */
  static Fields merge(Fields stored, Fields confirmed) {
    return merge(stored, confirmed, OF_THE_BYTES);
  }

  /** Returns the same for a cache that goes by RFC 9111 (sections 3.2, 4.3.4 and 4.3.5). */
  static Fields mergeByStandard(Fields stored, Fields confirmed) {
    return merge(stored, confirmed, BY_STANDARD);
  }

  private static Fields merge(Fields stored, Fields confirmed, Set<String> left) {
    Set<String> replaced = new TreeSet<>();
    for (int i = 0; i < confirmed.size(); i++) {
      String name = confirmed.nameAt(i).toLowerCase(Locale.ROOT);
      if (!left.contains(name)) {
        replaced.add(name);
      }
    }
    Fields.Builder merged =
        stored.edit().removeIf(name -> replaced.contains(name.toLowerCase(Locale.ROOT)));
    for (int i = 0; i < confirmed.size(); i++) {
      if (replaced.contains(confirmed.nameAt(i).toLowerCase(Locale.ROOT))) {
        merged.add(confirmed.nameAt(i), confirmed.valueAt(i));
      }
    }
    return merged.build();
  }

  /** Returns the fields that are kept: without Age, Content-Length and those withheld. */
  static Fields kept(Fields fields, Set<String> withheld) {
    return fields.without(name ->
        name.equalsIgnoreCase("Age")
            || name.equalsIgnoreCase("Content-Length")
            || (!withheld.isEmpty() && withheld.contains(name.toLowerCase(Locale.ROOT))));
  }
}
