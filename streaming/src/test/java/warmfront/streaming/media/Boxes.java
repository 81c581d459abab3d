package warmfront.streaming.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Boxes of MP4, written by hand. */
final class Boxes {
  private Boxes() {}

  /** Returns a box of some parts. */
  static byte[] box(String type, byte[]... parts) {
    byte[] body = join(parts);
    return join(numbers(8 + body.length), type.getBytes(ISO_8859_1), body);
  }

  /** Returns numbers of 32 bits. */
  static byte[] numbers(long... numbers) {
    byte[] bytes = new byte[4 * numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (numbers[i / 4] >>> (24 - i % 4 * 8));
    }
    return bytes;
  }

  /** Returns bytes that are given as numbers. */
  static byte[] octets(int... numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Returns a moov with a time scale of 1000. */
  static byte[] movie(byte[]... traks) {
    return box("moov", box("mvhd", numbers(0, 0, 0, 1000, 0)), join(traks));
  }

  /**
   * Returns a track of video with a time scale of 1000.
   *
   * @param type of its sample entry
   * @param edits an edts box, or nothing
   * @param tables the boxes of its samples
   */
  static byte[] video(int id, boolean enabled, String type, byte[] edits, byte[]... tables) {
    byte[] entry = box(type, new byte[78], box("avcC", octets(1, 2, 3)), box("hvcC", octets(4)));
    return trak(id, enabled, "vide", entry, edits, tables);
  }

  /** Returns a track of AAC with a time scale of 1000. */
  static byte[] audio(int id, byte[] edits, byte[]... tables) {
    byte[] specific = octets(5, 2, 0x12, 0x10);
    byte[] decoder = join(octets(4, 13 + specific.length, 0x40), new byte[12], specific);
    byte[] stream = join(octets(3, 3 + decoder.length, 0, 1, 0), decoder);
    byte[] format = join(new byte[16], octets(0, 2, 0, 16), new byte[4], numbers(48_000 << 16));
    byte[] entry = box("mp4a", format, box("esds", numbers(0), stream));
    return trak(id, true, "soun", entry, edits, tables);
  }

  private static byte[] trak(
      int id, boolean enabled, String handler, byte[] entry, byte[] edits, byte[]... tables) {
    byte[] stbl = box("stbl", box("stsd", numbers(0, 1), entry), join(tables));
    return box(
        "trak",
        box("tkhd", numbers(enabled ? 1 : 0, 0, 0, id)),
        edits,
        box(
            "mdia",
            box("mdhd", numbers(0, 0, 0, 1000, 0)),
            box("hdlr", numbers(0, 0), handler.getBytes(ISO_8859_1)),
            box("minf", stbl)));
  }

  /** Returns an edit list; each edit is a length and a beginning. */
  static byte[] edits(long... edits) {
    byte[][] entries = new byte[edits.length / 2][];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = numbers(edits[2 * i], edits[2 * i + 1], 1 << 16);
    }
    return box("edts", box("elst", numbers(0, entries.length), join(entries)));
  }

  /** Returns a table whose first numbers are a version, flags and how many rows follow. */
  static byte[] table(String type, int columns, long... numbers) {
    return box(type, numbers(0, numbers.length / columns), numbers(numbers));
  }

  static byte[] sizes(long... sizes) {
    return box("stsz", numbers(0, 0, sizes.length), numbers(sizes));
  }
}
