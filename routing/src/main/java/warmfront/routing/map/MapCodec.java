package warmfront.routing.map;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;

/**
 * The form of a whole map: a head, the lists, the steps of both families, and the SHA-256 of all
 * that. Numbers are of variable length where they are small; everything is checked when it is read.
 */
final class MapCodec {
  static final int CHECKSUM_BYTES = 32;

  private static final int MAGIC = 0x57464d57; // WFMW

  /** Raised whenever the form changes. */
  static final int FORM = 1;

  private static final int LISTS_MAX = 1 << 22;
  private static final int STEPS_MAX = 1 << 24;

  private MapCodec() {}

  static ByteBuffer write(
      LatencyMap.Head head, List<CandidateList> lists, Ranges ipv4, Ranges ipv6) {
    Packer out = new Packer(1 << 16);
    out.fixedInt(MAGIC);
    out.fixedInt(FORM);
    write(head, out);
    out.number(lists.size());
    lists.forEach(list -> write(list, out));
    write(ipv4, out);
    write(ipv6, out);
    return sealed(out);
  }

  static ByteBuffer sealed(Packer out) {
    out.bytes(sha256(out.written()));
    return out.trimmed();
  }

  static void write(LatencyMap.Head head, Packer out) {
    out.fixedLong(head.version());
    out.fixedLong(head.topology());
    out.fixedLong(head.createdMillis());
    out.number(head.locations().size());
    for (String code : head.locations()) {
      byte[] text = code.getBytes(StandardCharsets.US_ASCII);
      out.number(text.length);
      out.bytes(text);
    }
  }

  static void write(CandidateList list, Packer out) {
    out.number(list.word().code());
    out.number(list.sharePerMille());
    out.number(list.size());
    for (int rank = 0; rank < list.size(); rank++) {
      out.number(list.location(rank));
      out.octet(list.step(rank));
      out.octet(list.flags(rank));
    }
  }

  private static void write(Ranges ranges, Packer out) {
    out.number(ranges.steps());
    for (int i = 0; i < ranges.steps(); i++) {
      out.number(i == 0 ? 0 : ranges.start(i) - ranges.start(i - 1));
      out.number(ranges.valueAt(i) + 1L);
    }
  }

  static LatencyMap.Read read(ByteBuffer whole) {
    try {
      Unpacker in = new Unpacker(unsealed(whole));
      if (in.fixedInt() != MAGIC || in.fixedInt() != FORM) {
        return new LatencyMap.Read.Unsound("not a whole map of form " + FORM, false);
      }
      LatencyMap.Head head = readHead(in);
      int count = in.number(LISTS_MAX);
      List<CandidateList> lists = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        lists.add(readList(in, head.locations().size()));
      }
      Ranges ipv4 = readRanges(Family.IPV4, in, count);
      Ranges ipv6 = readRanges(Family.IPV6, in, count);
      in.end();
      return new LatencyMap.Read.Sound(
          LatencyMap.read(head, lists, ipv4, ipv6, whole.asReadOnlyBuffer()));
    } catch (Unpacker.Malformed | BufferUnderflowException malformed) {
      return new LatencyMap.Read.Unsound("not a map: " + malformed.getMessage(), false);
    }
  }

  /** Returns what lies before the checksum, if that is right. */
  static ByteBuffer unsealed(ByteBuffer sealed) throws Unpacker.Malformed {
    int length = sealed.remaining() - CHECKSUM_BYTES;
    if (length < 0) {
      throw new Unpacker.Malformed("it is cut off");
    }
    ByteBuffer content = sealed.slice(sealed.position(), length);
    byte[] sum = new byte[CHECKSUM_BYTES];
    sealed.get(sealed.position() + length, sum);
    if (!MessageDigest.isEqual(sum, sha256(content.duplicate()))) {
      throw new Unpacker.Malformed("the checksum is wrong");
    }
    return content;
  }

  static LatencyMap.Head readHead(Unpacker in) throws Unpacker.Malformed {
    long version = in.fixedLong();
    long topology = in.fixedLong();
    long created = in.fixedLong();
    if (version < 1) {
      throw new Unpacker.Malformed("version " + version);
    }
    int count = in.number(Numbering.LOCATIONS_MAX);
    List<String> locations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] text = new byte[in.number(16)];
      in.bytes(text);
      locations.add(new String(text, StandardCharsets.US_ASCII));
    }
    return new LatencyMap.Head(version, topology, created, locations);
  }

  static CandidateList readList(Unpacker in, int locations) throws Unpacker.Malformed {
    CandidateList.Word word = readWord(in.number(3));
    int share = in.number(1000);
    int size = in.number(CandidateList.SIZE_MAX);
    CandidateList.Maker maker = new CandidateList.Maker();
    for (int rank = 0; rank < size; rank++) {
      maker.add(in.number(locations - 1), in.octet(), in.octet());
    }
    return maker.made(word, share);
  }

  private static CandidateList.Word readWord(int code) throws Unpacker.Malformed {
    for (CandidateList.Word word : CandidateList.Word.values()) {
      if (word.code() == code) {
        return word;
      }
    }
    throw new Unpacker.Malformed("word " + code);
  }

  private static Ranges readRanges(Family family, Unpacker in, int lists)
      throws Unpacker.Malformed {
    int steps = in.number(STEPS_MAX);
    Ranges.Maker maker = new Ranges.Maker(family);
    long start = 0;
    int value = Ranges.NONE;
    for (int i = 0; i < steps; i++) {
      long apart = in.number();
      if (i == 0 ? apart != 0 : apart < 1 || apart >= family.units() - start) {
        throw new Unpacker.Malformed("steps that do not ascend");
      }
      start += apart;
      maker.until(start, value);
      value = in.number(lists) - 1;
    }
    maker.until(family.units(), value);
    return maker.made();
  }

  static byte[] sha256(ByteBuffer content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content);
      return digest.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
