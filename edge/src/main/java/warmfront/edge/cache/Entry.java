package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a record on disk.
 *
 * @param place where it is
 * @param length of the whole record, in bytes
 * @param kind what it is
 * @param since the configuration at the time its fetch began
 * @param freshUntil until when it is served without asking, in unsigned seconds of the {@link
 *     Timeline}; the most there is if it has to be confirmed each time
 */
record Entry(Place place, int length, Kind kind, Since since, int freshUntil) {
  /** What a record is. */
  enum Kind {
    /** A short object: head and body. */
    OBJECT(1),
    /** The head of a long object, whose slices are records of their own. */
    LONG(2),
    /** A slice of a long object. */
    SLICE(3),
    /** A newer head for a short object. */
    LABEL(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    /** Returns its number in files and in the index. */
    byte code() {
      return code;
    }

    /** Returns whether it stands for an object. */
    boolean isObject() {
      return this == OBJECT || this == LONG;
    }

    /** Returns the kind of this number; null if there is none. */
    static @Nullable Kind of(byte code) {
      return switch (code) {
        case 1 -> OBJECT;
        case 2 -> LONG;
        case 3 -> SLICE;
        case 4 -> LABEL;
        default -> null;
      };
    }
  }

  /** Returns the same record at a disk of this process. */
  Entry on(int disk, long sequence) {
    return new Entry(Place.of(disk, sequence, place.offset()), length, kind, since, freshUntil);
  }
}
