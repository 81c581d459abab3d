package warmfront.streaming.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chunks made messages: RTMP 1.0, section 5.3. */
final class ChunkReaderTest {
  private static final Limits.Memory LIMITS =
      new Limits.Memory(1000, 200_000, 2000, 400_000, 3, 1, 1);

  private final List<String> heard = new ArrayList<>();
  private final List<byte[]> payloads = new ArrayList<>();
  private final ChunkReader reader =
      new ChunkReader(
          LIMITS,
          (type, streamId, millis, payload) -> {
            heard.add("%d/%d@%d:%d".formatted(type, streamId, millis, payload.length));
            payloads.add(payload);
          });

  @Test
  void a_message_is_as_long_as_its_header_says_in_chunks_of_128_bytes() throws Exception {
    read(
        new Chunks()
            .full(3, 1000, 300, 9, 1)
            .payload(0, 128)
            .bare(3)
            .payload(128, 128)
            .bare(3)
            .payload(256, 44));

    assertThat(heard).containsExactly("9/1@1000:300");
    assertThat(payloads.getFirst()).isEqualTo(Chunks.counting(0, 300));
    assertThat(reader.held()).isZero();
  }

  @Test
  void headers_leave_out_what_is_as_before() throws Exception {
    read(
        new Chunks()
            .full(4, 100, 2, 8, 1)
            .payload(0, 2)
            .shorter(4, 20, 3, 9)
            .payload(0, 3)
            .delta(4, 30)
            .payload(0, 3)
            .bare(4)
            .payload(0, 3));

    assertThat(heard).containsExactly("8/1@100:2", "9/1@120:3", "9/1@150:3", "9/1@180:3");
  }

  @Test
  void a_message_without_a_header_repeats_even_an_absolute_timestamp() throws Exception {
    read(new Chunks().full(4, 7, 1, 8, 1).payload(0, 1).bare(4).payload(0, 1));

    assertThat(heard).containsExactly("8/1@7:1", "8/1@14:1"); // section 5.3.1.2.4
  }

  @Test
  void chunk_streams_of_all_sizes_of_id_take_turns() throws Exception {
    read(
        new Chunks()
            .full(63, 1, 129, 8, 1)
            .payload(0, 128)
            .full(64, 2, 129, 9, 1)
            .payload(1, 128)
            .full(65_599, 3, 129, 18, 1)
            .payload(2, 128)
            .bare(64)
            .payload(9, 1)
            .bare(65_599)
            .payload(9, 1)
            .bare(63)
            .payload(9, 1));

    assertThat(heard).containsExactly("9/1@2:129", "18/1@3:129", "8/1@1:129");
  }

  @Test
  void an_extended_timestamp_is_known_whether_or_not_it_is_repeated() throws Exception {
    Chunks repeated = new Chunks().full(4, 0x1000000, 129, 9, 1).number(0x1000000, 4);
    repeated.payload(0, 128).bare(4).number(0x1000000, 4).payload(128, 1);
    Chunks once = new Chunks().full(4, 0x2000000, 134, 9, 1).number(0x2000000, 4);
    once.payload(0, 128).bare(4).payload(128, 6);

    read(repeated);
    read(once);

    assertThat(heard).containsExactly("9/1@16777216:129", "9/1@33554432:134");
    assertThat(payloads.get(0)).isEqualTo(Chunks.counting(0, 129));
    assertThat(payloads.get(1)).isEqualTo(Chunks.counting(0, 134));
  }

  @Test
  void timestamps_begin_again_after_49_days() throws Exception {
    read(
        new Chunks()
            .full(4, 0xFFFF_FFF0L, 1, 8, 1)
            .number(0xFFFF_FFF0L, 4)
            .payload(0, 1)
            .delta(4, 0x20)
            .payload(0, 1));

    assertThat(heard).containsExactly("8/1@4294967280:1", "8/1@16:1");
  }

  @Test
  void a_peer_sets_its_chunk_size_and_takes_back_what_it_began() throws Exception {
    read(
        new Chunks()
            .full(2, 0, 4, 1, 0)
            .number(256, 4)
            .full(4, 0, 300, 9, 1)
            .payload(0, 256)
            .full(2, 0, 4, 2, 0)
            .number(4, 4)
            .full(4, 5, 200, 9, 1)
            .payload(0, 200));

    assertThat(heard).containsExactly("9/1@5:200");
    assertThat(reader.held()).isZero();
  }

  @Test
  void bytes_may_come_one_by_one() throws Exception {
    byte[] all =
        new Chunks()
            .full(300, 0x1234567, 200, 9, 1)
            .number(0x1234567, 4)
            .payload(0, 128)
            .bare(300)
            .number(0x1234567, 4)
            .payload(128, 72)
            .toBytes();
    ByteBuf rest = Unpooled.buffer();
    for (byte each : all) {
      rest.writeByte(each);
      reader.read(rest);
      rest.discardReadBytes();
      assertThat(rest.readableBytes()).isLessThanOrEqualTo(ChunkReader.LEFT_MAX);
    }

    assertThat(heard).containsExactly("9/1@19088743:200");
    assertThat(payloads.getFirst()).isEqualTo(Chunks.counting(0, 200));
  }

  @Test
  void what_breaks_the_rules_or_limits_is_refused() {
    refused("kind 3", new Chunks().bare(5));
    refused("kind 2", new Chunks().delta(5, 1));
    refused(
        "within another", new Chunks().full(6, 0, 200, 9, 1).payload(0, 128).full(6, 0, 1, 9, 1));
    refused("1000 at most", new Chunks().full(7, 0, 1001, 9, 1));
    refused("chunk size of 0", new Chunks().full(2, 0, 4, 1, 0).number(0, 4));
    refused("chunk size of -", new Chunks().full(2, 0, 4, 1, 0).number(0x80000080L, 4));
    refused("control message of 3", new Chunks().full(2, 0, 3, 2, 0).payload(0, 3));
    refused(
        "more than 3 chunk streams",
        new Chunks()
            .full(3, 0, 0, 9, 1)
            .full(4, 0, 0, 9, 1)
            .full(5, 0, 0, 9, 1)
            .full(6, 0, 0, 9, 1));
    refused(
        "more than 2000 bytes",
        new Chunks()
            .full(3, 0, 1000, 9, 1)
            .payload(0, 128)
            .full(4, 0, 1000, 9, 1)
            .payload(0, 128)
            .full(5, 0, 1000, 9, 1)
            .payload(0, 128));
  }

  @Test
  void a_publisher_may_send_long_media_but_not_long_commands() throws Exception {
    reader.admitPublisher();
    Chunks chunks = new Chunks().full(2, 0, 4, 1, 0).number(0xFFFFFF, 4);

    read(chunks.full(4, 0, 200_000, 9, 1).payload(3, 200_000));

    assertThat(heard).containsExactly("9/1@0:200000");
    assertThat(payloads.getFirst()).isEqualTo(Chunks.counting(3, 200_000));
    assertThatThrownBy(() -> read(new Chunks().full(3, 0, 1001, 20, 0)))
        .isInstanceOf(ProtocolException.class);
  }

  private static void refused(String reason, Chunks chunks) {
    ChunkReader fresh = new ChunkReader(LIMITS, (_, _, _, _) -> {});

    assertThatThrownBy(() -> fresh.read(Unpooled.wrappedBuffer(chunks.toBytes())))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }

  private void read(Chunks chunks) throws ProtocolException {
    ByteBuf in = Unpooled.wrappedBuffer(chunks.toBytes());
    reader.read(in);
    assertThat(in.isReadable()).isFalse();
  }
}
