package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * A frame as ffprobe sees it, or we.
 *
 * @param decoded when, in milliseconds from the first
 * @param shown when, in milliseconds from when the first is decoded
 */
record Packet(Tag.Kind kind, double decoded, double shown, int size, boolean key, long crc) {
  private static final Pattern LINE =
      Pattern.compile(
          "(audio|video),([-0-9.]+),([-0-9.]+),([0-9]+),(.).,(?:\\s*,)?CRC32:([0-9a-f]{8})");

  /** Reads what ffprobe prints, whose times are in seconds and may begin below 0. */
  static List<Packet> printed(String text) {
    List<Packet> packets = new ArrayList<>();
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      packets.add(
          new Packet(
              Tag.Kind.valueOf(line.group(1).toUpperCase(Locale.ROOT)),
              Double.parseDouble(line.group(3)) * 1000,
              Double.parseDouble(line.group(2)) * 1000,
              Integer.parseInt(line.group(4)),
              line.group(5).equals("K"),
              Long.parseLong(line.group(6), 16)));
    }
    return fromFirst(packets);
  }

  private Packet earlier(double millis) {
    return new Packet(kind, decoded - millis, shown - millis, size, key, crc);
  }

  /** Returns what a frame of a file is, without the codec's head of FLV. */
  static Packet of(byte[] file, Reel.Frame frame) {
    int inFile = frame.prefixLength() > 0 ? 0 : headLength(frame.kind(), file, frame.offset());
    long head = frame.prefix();
    for (int i = 0; i < inFile; i++) {
      head = head << 8 | (file[(int) frame.offset() + i] & 0xff);
    }
    int length = frame.prefixLength() + inFile;
    boolean later = frame.kind() == Tag.Kind.VIDEO && (length == 8 || head >>> 39 == 0);
    int composition = later ? (int) (head << 40 >> 40) : 0;
    CRC32 crc = new CRC32();
    crc.update(file, (int) frame.offset() + inFile, frame.length() - inFile);
    return new Packet(
        frame.kind(),
        frame.millis(),
        frame.millis() + composition,
        frame.length() - inFile,
        frame.key(),
        crc.getValue());
  }

  private static int headLength(Tag.Kind kind, byte[] file, long offset) {
    return kind == Tag.Kind.VIDEO ? 5 : (file[(int) offset] & 0xf0) == 0xa0 ? 2 : 1;
  }

  /**
   * Returns the packets of each kind, in their order.
   *
   * @param apart whether times are counted from the first of its kind
   */
  static Map<Tag.Kind, List<Packet>> byKind(List<Packet> packets, boolean apart) {
    Map<Tag.Kind, List<Packet>> kinds =
        packets.stream().collect(Collectors.groupingBy(Packet::kind));
    if (apart) {
      kinds.replaceAll((_, all) -> fromFirst(all));
    }
    return kinds;
  }

  private static List<Packet> fromFirst(List<Packet> packets) {
    double first = packets.stream().mapToDouble(Packet::decoded).min().orElse(0);
    return packets.stream().map(packet -> packet.earlier(first)).toList();
  }

  /** Returns whether it is the same frame at the same time, to the millisecond. */
  boolean isLike(Packet other) {
    return size == other.size
        && key == other.key
        && crc == other.crc
        && Math.abs(decoded - other.decoded) <= 1.5
        && Math.abs(shown - other.shown) <= 1.5;
  }
}
