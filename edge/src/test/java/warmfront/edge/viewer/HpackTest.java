package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Protocol;

/** Held against the examples of RFC 7541, appendix C, and against another encoder. */
final class HpackTest {
  private final Http2Desk desk = new Http2Desk(Limits.standard(), Protocol.HTTP_2);
  private final HpackDecoder decoder = new HpackDecoder(desk);

  @Test
  void the_examples_of_the_rfc_are_read() {
    assertThat(decoded("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")) // C.4.1
        .containsExactly(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    assertThat(decoded("8286 84be 5886 a8eb 1064 9cbf")) // C.4.2
        .contains(":authority: www.example.com", "cache-control: no-cache");
    assertThat(decoded("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")) // C.4.3
        .containsExactly(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value");
    assertThat(decoded("bebf c0")) // what C.4 leaves in the table, newest first
        .containsExactly(
            "custom-key: custom-value", "cache-control: no-cache", ":authority: www.example.com");
  }

  @Test
  void what_another_encoder_writes_is_read() throws Exception {
    SplittableRandom chance = new SplittableRandom(7);
    var encoder = new DefaultHttp2HeadersEncoder((_, _) -> false, false, 1 << 20);
    for (int block = 0; block < 500; block++) {
      Http2Headers headers = new DefaultHttp2Headers(false);
      List<String> lines = new ArrayList<>();
      for (int i = chance.nextInt(1, 30); i > 0; i--) {
        String name = chance.nextInt(3) == 0 ? "x-" + chance.nextInt(20) : "accept";
        String value = text(chance, chance.nextInt(chance.nextInt(20) == 0 ? 5000 : 60));
        headers.add(name, value);
        lines.add(name + ": " + value);
      }
      ByteBuf out = Unpooled.buffer();
      encoder.encodeHeaders(1, headers, out);

      assertThat(decoded(ByteBufUtil.getBytes(out)))
          .as("block %s", block)
          .containsExactlyInAnyOrderElementsOf(lines);
    }
  }

  @Test
  void every_byte_goes_through_the_huffman_code_and_back() {
    SplittableRandom chance = new SplittableRandom(8);
    for (int round = 0; round < 1000; round++) {
      byte[] text = new byte[chance.nextInt(40)];
      chance.nextBytes(text);
      byte[] coded = new byte[Huffman.size(text)];
      Huffman.encode(text, coded, 0);
      byte[] plain = new byte[coded.length * 8 / 5 + 1];

      int size = Huffman.decode(coded, 0, coded.length, plain);

      assertThat(java.util.Arrays.copyOf(plain, size)).isEqualTo(text);
    }
  }

  @Test
  void what_is_wrong_is_told() {
    List<String> wrong =
        List.of(
            "80", // no index
            "be", // beyond the tables
            "ff ff ff ff ff 0f", // a number too large
            "3f e2 1f", // a table of 4097
            "82 20", // a size that is not at the start
            "00 01", // no name
            "00 01 61", // no value
            "00 01 61 05 61", // a value that is too short
            "00 01 61 82 ff ff", // padding of more than seven bits
            "00 01 61 81 18", // padding that is not ones
            "00 01 61 84 ff ff ff ff"); // EOS
    for (String block : wrong) {
      byte[] bytes = bytes(block);
      assertThat(new HpackDecoder(desk).decode(bytes, bytes.length, _ -> {}))
          .as("%s", block)
          .isFalse();
    }
  }

  @Test
  void a_table_holds_what_it_may_and_no_more() {
    byte[] large = new HpackBlock().kept(0).text("x").text("y".repeat(4064)).copy(); // 4097
    byte[] fits = new HpackBlock().kept(0).text("x").text("y".repeat(4063)).copy();
    assertThat(decoded(fits)).hasSize(1);
    assertThat(decoded("be")).hasSize(1);
    assertThat(decoded(large)).hasSize(1); // and empties it
    assertThat(decoder.decode(bytes("be"), 1, _ -> {})).isFalse();
    assertThat(decoded(fits)).hasSize(1);
    assertThat(decoded("20 3fe11f")).isEmpty(); // 0, then 4096
    assertThat(decoder.decode(bytes("be"), 1, _ -> {})).isFalse();
  }

  private List<String> decoded(String hex) {
    return decoded(bytes(hex));
  }

  private List<String> decoded(byte[] block) {
    List<String> lines = new ArrayList<>();
    assertThat(
            decoder.decode(
                block, block.length, line -> lines.add(line.name() + ": " + line.value())))
        .isTrue();
    return lines;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String text(SplittableRandom chance, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) chance.nextInt(0x20, 0x7F);
    }
    return new String(bytes, ISO_8859_1);
  }
}
