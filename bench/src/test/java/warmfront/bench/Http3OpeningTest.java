package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** An answer is counted for what it is, in whatever pieces it comes. */
final class Http3OpeningTest {
  /** A HEADERS frame of 300 bytes, QPACK's prefix, and the line of a status. */
  private static final String OK = "01412c0000d9";

  private static final String NOT_FOUND = "01412c0000db";

  @Test
  void an_answer_in_pieces_of_any_length_is_a_good_one() {
    byte[] answer = HexFormat.of().parseHex(OK + "d9".repeat(20));

    for (int first = 0; first <= answer.length; first++) {
      for (int second = 0; second <= answer.length - first; second++) {
        Http3Opening opening = new Http3Opening();
        opening.take(Unpooled.wrappedBuffer(answer, 0, first));
        opening.take(Unpooled.wrappedBuffer(answer, first, second));
        opening.take(
            Unpooled.wrappedBuffer(answer, first + second, answer.length - first - second));
        assertThat(opening.isOk()).as("%d bytes, then %d", first, second).isTrue();
      }
    }
  }

  @Test
  void lengths_of_one_byte_and_of_eight_are_read() {
    assertThat(isOk("01050000d9")).isTrue();
    assertThat(isOk("01c0000000000000050000d9")).isTrue();
  }

  @Test
  void another_status_another_frame_and_a_stump_are_no_good_answers() {
    assertThat(isOk(NOT_FOUND + "d9d9d9")).isFalse();
    assertThat(isOk("00" + OK.substring(2))).isFalse();
    assertThat(isOk(OK.substring(0, 10))).isFalse();
    assertThat(isOk("01")).isFalse();
    assertThat(isOk("")).isFalse();
  }

  @Test
  void a_piece_is_left_as_it_was() {
    ByteBuf piece = Unpooled.wrappedBuffer(HexFormat.of().parseHex(OK));

    new Http3Opening().take(piece);

    assertThat(piece.readableBytes()).isEqualTo(6);
  }

  private static boolean isOk(String hex) {
    Http3Opening opening = new Http3Opening();
    opening.take(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    return opening.isOk();
  }
}
