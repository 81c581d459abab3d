package warmfront.streaming.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values as bytes: AMF0 (2007) both ways, AMF3 (2013) as it is read. */
final class AmfTest {
  @Test
  void values_are_written_as_the_specification_says() {
    SequencedMap<String, Amf> members = new LinkedHashMap<>();
    members.put("a", Amf.of(1.5));
    members.put("b", Amf.Nothing.UNDEFINED);

    assertThat(hex(Amf.of(members)))
        .isEqualTo("03 000161 00 3ff8000000000000 000162 06 000009".replace(" ", ""));
    assertThat(hex(new Amf.Associative(members))).startsWith("0800000002000161");
    assertThat(hex(Amf.of("ä"))).isEqualTo("020002c3a4");
    assertThat(hex(Amf.of(true))).isEqualTo("0101");
    assertThat(hex(Amf.nothing())).isEqualTo("05");
    assertThat(hex(new Amf.Strict(List.of(Amf.of(false))))).isEqualTo("0a000000010100");
    assertThat(hex(new Amf.Date(0))).isEqualTo("0b00000000000000000000");
    assertThat(hex(Amf.of("x".repeat(65_536)))).startsWith("0c00010000787878");
  }

  @Test
  void what_is_written_is_read_as_it_was() throws Exception {
    SequencedMap<String, Amf> inner = new LinkedHashMap<>();
    inner.put("long", Amf.of("y".repeat(70_000)));
    inner.put("list", new Amf.Strict(List.of(Amf.nothing(), Amf.of(-1), new Amf.Date(12))));
    SequencedMap<String, Amf> outer = new LinkedHashMap<>();
    outer.put("inner", new Amf.Associative(inner));
    outer.put("", Amf.Nothing.UNDEFINED);
    Amf value = Amf.of(outer);

    assertThat(read(hex(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "11 00, UNDEFINED",
    "11 01, NULL",
    "11 02, Truth[value=false]",
    "11 03, Truth[value=true]",
    "11 04 7f, Numeral[value=127.0]",
    "11 04 ff ff 7f, Numeral[value=2097151.0]",
    "11 04 ff ff ff ff, Numeral[value=-1.0]",
    "11 05 3ff8000000000000, Numeral[value=1.5]",
    "11 06 05 6162, Text[value=ab]",
    "11 08 01 4059000000000000, Date[millis=100.0]",
    "11 09 05 01 02 06 03 61, 'Strict[values=[Truth[value=false], Text[value=a]]]'",
    "11 09 03 03 6b 03 01 02, 'Associative[values={k=Truth[value=true], 0=Truth[value=false]}]'",
    "11 0a 0b 01 03 6b 06 00 01, Members[values={k=Text[value=k]}]",
    "11 0a 13 03 43 03 6b 02, Members[values={k=Truth[value=false]}]",
    "10 0001 43 0001 6b 0101 000009, Members[values={k=Truth[value=true]}]",
    "0d, UNDEFINED",
  })
  void values_of_flash_are_understood(String hex, String text) throws Exception {
    Amf value = read(hex);

    assertThat(value).hasToString(text);
  }

  @Test
  void traits_are_remembered_within_a_value() throws Exception {
    Amf twice = read("11 09 05 01 0a 13 01 03 6b 02 0a 01 03");

    assertThat(twice)
        .hasToString(
            "Strict[values=[Members[values={k=Truth[value=false]}],"
                + " Members[values={k=Truth[value=true]}]]]");
  }

  @ParameterizedTest
  @CsvSource({
    "00 3ff8, beyond the message's end",
    "02 0005 61, beyond the message's end",
    "0c 7fffffff 61, a length beyond",
    "0c ffffffff 61, a length beyond",
    "0a 00ffffff 05, a length beyond",
    "03 0001 61, beyond the message's end",
    "07 0000, marked 7",
    "0f 00000000, marked 15",
    "11 07 01, marked 7",
    "11 0c 01, marked 12",
    "11 09 00, a reference to a value",
    "11 06 02, a reference of AMF3 to nothing",
    "11 0a 05, a reference of AMF3 to nothing",
    "11 0a 07 01, only its own class",
  })
  void what_is_no_value_here_is_refused(String hex, String reason) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void depth_and_number_of_values_have_an_end() {
    String deep = "0a00000001".repeat(17) + "05";
    String wide = "0a00001000" + "05".repeat(4096);

    assertThatThrownBy(() -> read(deep)).hasMessage("values nested deeper than 16");
    assertThatThrownBy(() -> read(wide)).hasMessage("more than 4096 values in a message");
    assertThatThrownBy(() -> read("11" + "090301".repeat(17) + "01"))
        .hasMessage("values nested deeper than 16");
  }

  @Test
  void as_deep_and_as_many_as_allowed_are_read() throws Exception {
    assertThat(read("0a00000001".repeat(16) + "05")).isInstanceOf(Amf.Strict.class);
    assertThat(read("0a00000fff" + "05".repeat(4095))).isInstanceOf(Amf.Strict.class);
  }

  private static Amf read(String hex) throws ProtocolException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    AmfInput in = new AmfInput(ByteBuffer.wrap(bytes));
    Amf value = Amf0.read(in);
    assertThat(in.isAtEnd()).isTrue();
    return value;
  }

  private static String hex(Amf value) {
    ByteBuf out = Unpooled.buffer();
    Amf0.write(out, value);
    return ByteBufUtil.hexDump(out);
  }
}
