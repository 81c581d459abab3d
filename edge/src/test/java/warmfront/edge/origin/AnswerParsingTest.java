package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warmfront.edge.origin.HeadParser.Parsed;

/** An answer means the same however the network cuts it, and no bytes break the parser. */
final class AnswerParsingTest {
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
  private static final String ANSWER =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Transfer-Encoding: chunked",
          "X:  a \t",
          "",
          "3",
          "abc",
          "1",
          "d",
          "A;x=\"y\"",
          "0123456789",
          "0",
          "T: 1",
          "",
          "");

  @Test
  void an_answer_may_be_cut_anywhere() {
    for (int cut = 0; cut <= ANSWER.length(); cut++) {
      // when
      String text = parse(ANSWER.substring(0, cut), ANSWER.substring(cut));

      // then
      assertThat(text).as("cut at %d", cut).isEqualTo("200 a abcd0123456789 complete");
    }
    assertThat(parse(ANSWER.split(""))).isEqualTo("200 a abcd0123456789 complete");
  }

  @Test
  void no_bytes_break_the_parser_and_all_mean_the_same_in_any_pieces() {
    for (long seed = 0; seed < 20_000; seed++) {
      // given
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(ANSWER);
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(256));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, (char) random.nextInt(256));
        }
      }

      // when
      String parsed = parse(text.toString());
      int cut = random.nextInt(text.length() + 1);
      String inPieces = parse(text.substring(0, cut), text.substring(cut));

      // then
      assertThat(parsed).as("seed %d", seed).isNotEmpty().isEqualTo(inPieces);
    }
  }

  @Test
  void a_chunk_line_and_trailers_have_limits() {
    // given
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: x\r\n\r\n";
    var limits = Limits.Wire.DEFAULT;

    // when
    String extended = parse(head + "1;" + "a".repeat(limits.chunkLineBytes()) + "\r\na\r\n");
    String trailed = parse(head + "0\r\nA: " + "a".repeat(limits.trailerBytes()) + "\r\n\r\n");

    // then
    assertThat(extended).contains("broken");
    assertThat(trailed).contains("broken");
  }

  /** Returns status, field X, the body and how it ended, as one line. */
  private static String parse(String... pieces) {
    var parser = new HeadParser(Limits.Wire.DEFAULT, new Texts());
    StringBuilder said = new StringBuilder();
    @Nullable BodyDecoder decoder = null;
    for (String piece : pieces) {
      ByteBuf in = Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1);
      try {
        if (decoder == null) {
          switch (parser.parse(in)) {
            case Parsed.Partial _ -> {
              continue;
            }
            case Parsed.Invalid(_, String why) -> {
              return why;
            }
            case Parsed.Complete(AnswerHead head) -> {
              Framing framing = Framing.of(head, false);
              if (framing instanceof Framing.Ambiguous(String why)) {
                return why;
              }
              decoder = new BodyDecoder(framing, Limits.Wire.DEFAULT);
              said.append(head.status()).append(' ').append(head.fields().value("X")).append(' ');
            }
          }
        }
        @Nullable ByteBuf part = decoder.decode(in, ALLOCATOR);
        if (part != null) {
          said.append(part.toString(StandardCharsets.ISO_8859_1));
          part.release();
        }
      } finally {
        in.release();
      }
    }
    if (decoder == null) {
      return "partial";
    }
    return said
        + (decoder.fault() != null ? " broken" : decoder.isComplete() ? " complete" : " partial");
  }
}
