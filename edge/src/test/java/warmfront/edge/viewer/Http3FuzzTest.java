package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Protocol;

/**
 * Frames and header blocks over HTTP/3 that were right once and are spoiled by chance: the same is
 * made of them in any pieces, reading ends by itself, and throws nothing.
 */
final class Http3FuzzTest {
  private static final int ROUNDS = 20_000;
  private static final List<String> GET =
      List.of(":method", "GET", ":scheme", "https", ":path", "/x", ":authority", "a.example");

  @Test
  void what_is_spoiled_is_read_the_same_in_any_pieces() {
    byte[] right =
        QuicViewer.joined(
            QuicViewer.frame(0x21, new byte[10]),
            QuicViewer.head(GET),
            QuicViewer.frame(Http3Frames.DATA, new byte[70]),
            QuicViewer.head(List.of("x-trailer", "y")),
            QuicViewer.frame(0x40 * 0x1F + 0x21, new byte[100]));
    assertThat(heard(right, () -> right.length)).contains("head true").contains("end true");
    SplittableRandom chance = new SplittableRandom(20_260_504);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] spoiled = spoiled(chance, right);
      String whole = heard(spoiled, () -> spoiled.length);
      int most = chance.nextInt(2, 40);
      assertThat(heard(spoiled, () -> chance.nextInt(1, most))).as("number %d", i).isEqualTo(whole);
    }
  }

  private static byte[] spoiled(SplittableRandom chance, byte[] right) {
    byte[] bytes = right.clone();
    for (int i = chance.nextInt(4); i >= 0; i--) {
      int at = chance.nextInt(bytes.length);
      switch (chance.nextInt(3)) {
        case 0 -> bytes[at] = (byte) chance.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << chance.nextInt(8));
        default -> {
          int from = chance.nextInt(bytes.length);
          int length = Math.min(chance.nextInt(1, 30), bytes.length - Math.max(at, from));
          System.arraycopy(right, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static String heard(byte[] input, IntSupplier pieces) {
    Heard heard = new Heard();
    Http3Frames frames = new Http3Frames(heard);
    Http2Desk desk = new Http2Desk(Limits.standard(), Protocol.HTTP_3);
    for (int at = 0; at < input.length; ) {
      int bytes = Math.min(Math.max(1, pieces.getAsInt()), input.length - at);
      frames.read(Unpooled.wrappedBuffer(input, at, bytes), desk);
      at += bytes;
    }
    return heard.said + "end " + !frames.isInside();
  }

  /** What the frames said. */
  private static final class Heard implements Http3Frames.Events {
    private final StringBuilder said = new StringBuilder();
    private final Http2Desk desk = new Http2Desk(Limits.standard(), Protocol.HTTP_3);
    private final QpackDecoder decoder = new QpackDecoder(desk);

    @Override
    public Http3Frames.Way begins(long type, long length) {
      said.append("begins ").append(type).append(' ').append(length).append('\n');
      if (type == Http3Frames.DATA) {
        return Http3Frames.Way.PASSED_ON;
      }
      if (type == Http3Frames.HEADERS) {
        return length > 65_536 ? Http3Frames.Way.REFUSED : Http3Frames.Way.GATHERED;
      }
      return type > 1000 && length > 65_536 ? Http3Frames.Way.REFUSED : Http3Frames.Way.SKIPPED;
    }

    @Override
    public boolean whole(long type, byte[] content, int length) {
      Http2Parser list = desk.parser().begin();
      boolean isRight = decoder.decode(content, length, list);
      said.append("head ").append(isRight);
      if (isRight) {
        said.append(list.isTrailers()).append(list.end(false));
      }
      said.append('\n');
      return isRight;
    }

    @Override
    public boolean part(ByteBuf content, int length) {
      for (int i = 0; i < length; i++) {
        said.append(content.readByte()).append(' ');
      }
      return true;
    }
  }
}
