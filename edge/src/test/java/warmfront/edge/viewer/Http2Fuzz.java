package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import warmfront.edge.step.Protocol;

/**
 * What holds of the reader of HTTP/2's frames, and of the header blocks in them, whatever bytes
 * come after the preface: it makes the same of them in any pieces, ends by itself, and throws and
 * holds nothing.
 */
public final class Http2Fuzz {
  private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  private static final int SHORT = 500;
  private static final Limits LIMITS = Limits.standard();

  /** What became of a connection in the end. */
  enum End {
    /** Its frames were read to the last. */
    RIGHT,
    /** It was ended with an error. */
    WRONG,
    /** A frame or a header block is not whole. */
    UNFINISHED
  }

  private Http2Fuzz() {}

  /** Jazzer's door. */
  public static void fuzzerTestOneInput(byte[] input) {
    Heard whole = heard(input, () -> input.length);
    SplittableRandom chance = new SplittableRandom(Arrays.hashCode(input));
    int most = Math.max(8, input.length / 40); // a long input in as many pieces as a short one
    check(whole.isSame(heard(input, () -> chance.nextInt(1, most))), "in pieces");
    if (input.length <= SHORT) {
      check(whole.isSame(heard(input, () -> 1)), "byte by byte");
    }
  }

  /** Returns how a connection ends that sends this. */
  static End end(byte[] input) {
    return heard(input, () -> input.length).end;
  }

  private static Heard heard(byte[] input, IntSupplier pieces) {
    Heard heard = new Heard();
    Http2Reader reader =
        new Http2Reader(
            UnpooledByteBufAllocator.DEFAULT,
            new Http2Desk(LIMITS, Protocol.HTTP_2),
            LIMITS.http2(),
            heard);
    reader.read(Unpooled.copiedBuffer(PREFACE));
    int at = 0;
    while (at < input.length && heard.reading()) {
      int bytes = Math.min(pieces.getAsInt(), input.length - at);
      reader.read(Unpooled.copiedBuffer(input, at, bytes));
      at += bytes;
    }
    if (heard.reading() && input.length > 0) {
      heard.end = reader.isInside() ? End.UNFINISHED : End.RIGHT;
    }
    reader.close();
    return heard;
  }

  /** What the frames said, line by line. */
  private static final class Heard implements Http2Reader.Events {
    private final StringBuilder said = new StringBuilder();
    private final Http2Desk desk = new Http2Desk(LIMITS, Protocol.HTTP_2);
    private final HpackDecoder decoder = new HpackDecoder(desk);
    private End end = End.UNFINISHED;

    boolean isSame(Heard other) {
      return end == other.end && said.compareTo(other.said) == 0;
    }

    private void say(Object... words) {
      said.append(Arrays.toString(words)).append('\n');
    }

    @Override
    public boolean reading() {
      return end != End.WRONG;
    }

    @Override
    public void fail(Http2Error error, String why) {
      check(reading(), "one end");
      end = End.WRONG;
      say("end", error);
    }

    @Override
    public void fail(int stream, Http2Error error) {
      check(stream > 0, "a stream");
      say("fail", stream, error);
    }

    @Override
    public void toil(Toil toil) {
      say("toil", toil);
    }

    @Override
    public void data(int stream, ByteBuf data, int length, int padding, boolean ended) {
      check(stream > 0 && length >= 0 && padding >= 0, "a stream, lengths");
      byte[] content = new byte[length];
      data.readBytes(content);
      say("data", stream, Arrays.hashCode(content), padding, ended);
    }

    @Override
    public void headers(int stream, byte[] block, int length, boolean ended, boolean right) {
      check(stream > 0 && length <= LIMITS.http2().blockBytesMax(), "a stream, its limit");
      Http2Parser list = desk.parser().begin();
      if (decoder.decode(block, length, list)) {
        say("headers", stream, ended, right, list.isTrailers(), list.end(ended));
      } else {
        fail(Http2Error.COMPRESSION_ERROR, "as the connection does");
      }
    }

    @Override
    public void reset(int stream) {
      check(stream > 0, "a stream");
      say("reset", stream);
    }

    @Override
    public void settings(Http2Settings settings) {
      say("settings", settings);
    }

    @Override
    public void settled() {
      say("settled");
    }

    @Override
    public void ping(boolean answer, long data) {
      say("ping", answer, data);
    }

    @Override
    public void goAway() {
      say("goAway");
    }

    @Override
    public void window(int stream, int increment) {
      check(increment >= 0, "an increment");
      say("window", stream, increment);
    }

    @Override
    public void priority(int stream, String field) {
      say("priority", stream, Http2Priority.of(field));
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }
}
