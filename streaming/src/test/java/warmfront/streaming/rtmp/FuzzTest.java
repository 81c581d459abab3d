package warmfront.streaming.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What peers send, spoilt by a seeded chance: nothing but a refusal may come of it, and no more
 * memory be held than the limits say.
 */
final class FuzzTest {
  private static final int CASES = 100_000;
  private static final int CASES_FULL = 10_000_000;
  private static final Limits.Memory LIMITS = Limits.standard().memory();

  /** Bytes that mean something somewhere: markers, header kinds, ends of ranges. */
  private static final byte[] TELLING =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0f101112141622407f80c0c3feff");

  private final List<byte[]> seeds = seeds();
  private long messages;

  @Test
  void nothing_comes_of_spoilt_messages_but_refusals() {
    run(CASES, 20_261_129);

    assertThat(messages).as("some are understood").isGreaterThan(CASES / 4);
  }

  @Test
  @Tag("full")
  void nothing_comes_of_very_many_spoilt_messages_but_refusals() {
    run(CASES_FULL, 7);
  }

  private void run(int cases, long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    for (int i = 0; i < cases; i++) {
      byte[] input = spoilt(chance);
      try {
        conversation(input, chance);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("case %d: %s".formatted(i, HexFormat.of().formatHex(input)), e);
      }
    }
  }

  private void conversation(byte[] input, SplittableRandom chance) {
    Inward inward = new Inward(LIMITS, _ -> messages++);
    inward.tell(new Counting());
    ChunkReader reader = new ChunkReader(LIMITS, inward);
    int max = LIMITS.partialBytesMax();
    if (chance.nextInt(4) == 0) {
      inward.admitPublisher();
      reader.admitPublisher();
      max = LIMITS.publishedPartialBytesMax();
    }
    int cut = chance.nextInt(input.length + 1);
    ByteBuf in = Unpooled.buffer(input.length);
    try {
      in.writeBytes(input, 0, cut);
      reader.read(in);
      in.writeBytes(input, cut, input.length - cut);
      reader.read(in);
      assertThat(in.readableBytes()).isLessThanOrEqualTo(ChunkReader.LEFT_MAX);
    } catch (ProtocolException _) {
      // what a refusal is for
    }
    if (reader.held() > max) {
      throw new AssertionError("holds " + reader.held());
    }
  }

  private byte[] spoilt(SplittableRandom chance) {
    byte[] bytes = seeds.get(chance.nextInt(seeds.size())).clone();
    for (int left = chance.nextInt(4); left >= 0 && bytes.length > 0; left--) {
      int at = chance.nextInt(bytes.length);
      switch (chance.nextInt(6)) {
        case 0 -> bytes[at] = (byte) chance.nextInt(256);
        case 1 -> bytes[at] = TELLING[chance.nextInt(TELLING.length)];
        case 2 -> bytes[at] ^= (byte) (1 << chance.nextInt(8));
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = spliced(bytes, at, seeds.get(chance.nextInt(seeds.size())), chance);
        default ->
            Arrays.fill(
                bytes,
                at,
                Math.min(bytes.length, at + 1 + chance.nextInt(4)),
                TELLING[chance.nextInt(TELLING.length)]);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] head, int at, byte[] other, SplittableRandom chance) {
    int from = chance.nextInt(other.length);
    byte[] both = Arrays.copyOf(head, at + other.length - from);
    System.arraycopy(other, from, both, at, other.length - from);
    return both;
  }

  private static List<byte[]> seeds() {
    SequencedMap<String, Amf> facts = new LinkedHashMap<>();
    facts.put("app", Amf.of("cfx/st"));
    facts.put("capabilities", Amf.of(239));
    facts.put("fpad", Amf.of(false));
    facts.put("list", new Amf.Strict(List.of(Amf.of("hvc1"), Amf.nothing(), new Amf.Date(3))));
    facts.put("map", new Amf.Associative(new LinkedHashMap<>(facts)));
    byte[] connect = RtmpClient.encoded(List.of(Amf.of("connect"), Amf.of(1), Amf.of(facts)));
    byte[] play =
        RtmpClient.encoded(
            List.of(Amf.of("play"), Amf.of(0), Amf.nothing(), Amf.of("mp4:a"), Amf.of(-2000)));
    byte[] amf3 =
        HexFormat.of()
            .parseHex(
                "00020007636f6e6e6563740000000000000000000011"
                    + "0a0b0109617070060966696c650b6c697374090503020304817f0501020304050607080901");
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(new Chunks().full(3, 0, connect.length, 20, 0).bytes(cut(connect)).toBytes());
    seeds.add(new Chunks().full(8, 0, play.length, 20, 1).bytes(play).toBytes());
    seeds.add(new Chunks().full(3, 0, amf3.length, 17, 0).bytes(amf3).toBytes());
    seeds.add(
        new Chunks()
            .full(2, 0, 4, 1, 0)
            .number(4096, 4)
            .full(2, 0, 4, 5, 0)
            .number(2_500_000, 4)
            .full(2, 0, 6, 4, 0)
            .number(6, 2)
            .number(1, 4)
            .full(2, 0, 10, 4, 0)
            .number(3, 2)
            .number(1, 4)
            .number(3000, 4)
            .toBytes());
    seeds.add(
        new Chunks()
            .full(6, 0x1000000, 140, 9, 1)
            .number(0x1000000, 4)
            .payload(0, 128)
            .bare(6)
            .number(0x1000000, 4)
            .payload(0, 12)
            .delta(6, 40)
            .payload(0, 128)
            .bare(6)
            .payload(0, 12)
            .full(300, 1, 5, 8, 1)
            .payload(0, 5)
            .full(2, 0, 4, 2, 0)
            .number(6, 4)
            .toBytes());
    byte[] tags =
        new Chunks()
            .number(8, 1)
            .number(3, 3)
            .number(100, 3)
            .number(0, 4)
            .payload(1, 3)
            .number(14, 4)
            .number(9, 1)
            .number(2, 3)
            .number(120, 3)
            .number(0, 4)
            .payload(1, 2)
            .number(13, 4)
            .toBytes();
    seeds.add(new Chunks().full(6, 500, tags.length, 22, 1).bytes(tags).toBytes());
    return seeds;
  }

  /** Returns a message's bytes in chunks of 128, with the headers of the third chunk stream. */
  private static byte[] cut(byte[] payload) {
    Chunks chunks = new Chunks();
    for (int at = 0; at < payload.length; at += 128) {
      if (at > 0) {
        chunks.bare(3);
      }
      chunks.bytes(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + 128)));
    }
    return chunks.toBytes();
  }

  /** Counts what is understood. */
  private final class Counting implements Session {
    @Override
    public void command(Command command) {
      messages++;
    }

    @Override
    public void media(MediaMessage message) {
      messages++;
    }

    @Override
    public void bufferLength(int streamId, long millis) {
      messages++;
    }

    @Override
    public void settled() {}

    @Override
    public void writable() {}

    @Override
    public void drain() {}

    @Override
    public void closed(Ending why) {}
  }
}
