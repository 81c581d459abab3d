package warmfront.edge.smooth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Where fragments lie in a file: boxes of a fragmented MP4 file as they are read from its end (ISO
 * 14496-12, sections 4.2 and 8.8.9 to 8.8.11).
 */
public final class FragmentIndex {
  /** Bytes of the box that ends a file and says how long the index before it is. */
  public static final int OFFSET_BYTES = 16;

  /** Bytes of a box's head that are enough to know its length. */
  public static final int HEAD_BYTES = 16;

  private FragmentIndex() {}

  /**
   * Returns the bytes of the index, with which the file ends.
   *
   * @param end the last {@link #OFFSET_BYTES} of the file
   * @throws BadPresentation if they are no mfro box
   */
  public static long bytes(byte[] end) throws BadPresentation {
    ByteBuffer box = ByteBuffer.wrap(end);
    if (end.length != OFFSET_BYTES || box.getInt() != OFFSET_BYTES || !"mfro".equals(name(box))) {
      throw new BadPresentation("the file has no index of its fragments at its end (mfro)");
    }
    return Integer.toUnsignedLong(box.getInt(12));
  }

  /**
   * Returns where in the file a fragment begins; empty if the track has none that begins then.
   *
   * @param index the box mfra
   * @param track the track's number
   * @param time when it begins
   * @throws BadPresentation if it is no index
   */
  public static OptionalLong find(byte[] index, long track, long time) throws BadPresentation {
    ByteBuffer all = ByteBuffer.wrap(index);
    if (index.length < 8 || all.getInt() != index.length || !"mfra".equals(name(all))) {
      throw new BadPresentation("the file's index of its fragments is no mfra box");
    }
    while (all.remaining() >= 8) {
      int start = all.position();
      int length = all.getInt();
      if (length < 8 || length > index.length - start) {
        throw new BadPresentation("a box of the file's index is of a wrong length");
      }
      if ("tfra".equals(name(all))) {
        OptionalLong found = find(all.slice(start + 8, length - 8), track, time);
        if (found.isPresent()) {
          return found;
        }
      }
      all.position(start + length);
    }
    return OptionalLong.empty();
  }

  private static OptionalLong find(ByteBuffer box, long track, long time) throws BadPresentation {
    if (box.remaining() < 16) {
      throw new BadPresentation("a table of the file's fragments is cut short");
    }
    boolean wide = box.get() == 1;
    box.position(4);
    if (Integer.toUnsignedLong(box.getInt()) != track) {
      return OptionalLong.empty();
    }
    int sizes = box.getInt();
    long count = Integer.toUnsignedLong(box.getInt());
    int numbers = (sizes >> 4 & 3) + (sizes >> 2 & 3) + (sizes & 3) + 3;
    int each = (wide ? 16 : 8) + numbers;
    if (count > box.remaining() / each) {
      throw new BadPresentation("a table of the file's fragments is cut short");
    }
    int from = box.position();
    for (int i = 0; i < count; i++) {
      int at = from + i * each;
      long begins = wide ? box.getLong(at) : Integer.toUnsignedLong(box.getInt(at));
      if (begins == time) {
        return OptionalLong.of(
            wide ? box.getLong(at + 8) : Integer.toUnsignedLong(box.getInt(at + 4)));
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Returns the length of a box.
   *
   * @param head its first {@link #HEAD_BYTES}
   * @param name what it must be
   * @throws BadPresentation if it is another, or its length is not said
   */
  public static long boxBytes(byte[] head, String name) throws BadPresentation {
    ByteBuffer box = ByteBuffer.wrap(head);
    if (head.length == HEAD_BYTES) {
      long length = Integer.toUnsignedLong(box.getInt());
      boolean isIt = name(box).equals(name);
      long whole = length == 1 ? box.getLong() : length;
      if (isIt && whole >= 8) {
        return whole;
      }
    }
    throw new BadPresentation("there is no box " + name + " where the index says");
  }

  private static String name(ByteBuffer box) {
    byte[] name = new byte[4];
    box.get(name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
