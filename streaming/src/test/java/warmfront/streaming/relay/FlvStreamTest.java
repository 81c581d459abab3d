package warmfront.streaming.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.streaming.media.Tag;

final class FlvStreamTest {
  private static final String HEAD = "464c56 01 05 00000009 00000000";
  private static final String TAG = "09 000003 000102 03 000000 aabbcc 0000000e";

  private static FlvStream stream(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return FlvStream.of(new ByteArrayInputStream(bytes));
  }

  @Test
  void tags_come_one_after_another_until_the_end() throws IOException {
    FlvStream stream = stream(HEAD + TAG + "08 000000 000000 00 000000 0000000b");

    Tag first = stream.next().orElseThrow();
    assertThat(first.kind()).isEqualTo(Tag.Kind.VIDEO);
    assertThat(first.millis()).isEqualTo(0x03000102L);
    assertThat(first.payload().length()).isEqualTo(3);
    assertThat(stream.hasMore()).isTrue();
    assertThat(stream.next().orElseThrow().kind()).isEqualTo(Tag.Kind.AUDIO);
    assertThat(stream.next()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "464c57 01 05 00000009 00000000,the head",
    "464c56 02 05 00000009 00000000,the head",
    "464c56 01 05 0000000a 00000000,the head",
    "464c56 01 05 00000009 00000000 09 800001 000000 00 000000,more than",
    "464c56 01 05 00000009 00000000 0a 000000 000000 00 000000 0000000b,type 10",
    "464c56 01 05 00000009 00000000 09 000001 000000 00 000000 aa 0000000b,stands behind",
    "464c56 01 05 00000009 00000000 09 000002 000000 00 000000 aa,breaks off",
  })
  void what_is_no_flv_is_refused(String hex, String why) {
    assertThatThrownBy(() -> stream(hex).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }
}
