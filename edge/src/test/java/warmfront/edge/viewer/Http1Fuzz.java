package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.time.ManualClock;

/**
 * What holds of the parsers of HTTP/1 whatever bytes come. {@link FuzzTest} feeds them with the
 * corpus and with what chance makes of it, Jazzer with what it finds by watching them.
 */
final class Http1Fuzz {
  /** Small, so that short inputs reach them. */
  static final Limits.Message LIMITS = new Limits.Message(100, 600, 12, 5000, 40, 60);

  private static final Limits.Message WIDE = Limits.standard().message();

  /** What a connection makes of its bytes: requests, and what it is at in the end. */
  record Heard(List<Message> messages, End end) {}

  /** A request. */
  record Message(Accepted head, String headText, String body) {}

  /** What comes after the last request. */
  enum End {
    /** A request that is not whole, or nothing. */
    OPEN,
    /** Something that is none, and nothing is read any more. */
    REFUSED
  }

  private Http1Fuzz() {}

  /** The bytes of one connection: heads and bodies. */
  public static final class Requests {
    private Requests() {}

    /** Jazzer's door. */
    public static void fuzzerTestOneInput(byte[] input) {
      Heard whole = new Connection().read(input, input.length).heard();
      check(whole.equals(new Connection().read(input, 1).heard()), "byte by byte");
      SplittableRandom chance = new SplittableRandom(Arrays.hashCode(input));
      check(whole.equals(new Connection().read(input, chance).heard()), "in pieces");
      for (Message message : whole.messages()) {
        check(isFramedAs(message), "framing");
        check(isItselfAgain(message.head()), "written again");
      }
    }

    private static boolean isFramedAs(Message message) {
      Accepted head = message.head();
      Http1Grammar.@Nullable Framing framing = Http1Grammar.framing(message.headText());
      return framing != null
          && framing.bodyLength() == head.bodyLength()
          && framing.lastVersion() == (head.protocol() == Protocol.HTTP_1_1)
          && head.path().startsWith("/")
          && !head.host().isEmpty()
          && head.fields().all("Host").size() == 1
          && !head.fields().has("Transfer-Encoding")
          && !head.fields().has("Content-Length")
          && !head.fields().has("Connection");
    }

    /** Written in the plainest form, it is the same request to whoever reads it next. */
    private static boolean isItselfAgain(Accepted head) {
      byte[] text = written(head).getBytes(ISO_8859_1);
      Received again = new HeadParser(WIDE).parse(text, text.length);
      return again instanceof Accepted accepted && withoutLength(head, accepted);
    }

    private static boolean withoutLength(Accepted head, Accepted again) {
      return again.equals(
          new Accepted(
              head.method(),
              head.host(),
              head.path(),
              head.query(),
              head.fields(),
              head.bodyLength(),
              head.protocol(),
              head.keepAlive(),
              head.continueExpected(),
              again.headBytes()));
    }

    private static String written(Accepted head) {
      StringBuilder text = new StringBuilder(head.method() + " " + head.path());
      text.append(head.query() == null ? "" : "?" + head.query());
      text.append(head.protocol() == Protocol.HTTP_1_1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
      head.fields().forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
      if (head.bodyLength() != 0) {
        text.append(
            head.bodyLength() < 0
                ? "Transfer-Encoding: chunked\r\n"
                : "Content-Length: " + head.bodyLength() + "\r\n");
      }
      text.append(head.continueExpected() ? "Expect: 100-continue\r\n" : "");
      text.append(
          head.keepAlive() ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
      return text.toString();
    }
  }

  /** A chunked body and what follows it. */
  public static final class Chunks {
    private Chunks() {}

    /** Jazzer's door. */
    public static void fuzzerTestOneInput(byte[] input) {
      StringBuilder body = new StringBuilder();
      ByteBuf in = Unpooled.wrappedBuffer(input);
      int verdict = drain(new BodyDecoder(WIDE, -1), in, body);
      int end = verdict == BodyDecoder.END ? in.readerIndex() : 0;

      StringBuilder again = new StringBuilder();
      BodyDecoder piecewise = new BodyDecoder(WIDE, -1);
      int at = 0;
      int last = BodyDecoder.MORE;
      while (at < input.length && last == BodyDecoder.MORE) {
        last = drain(piecewise, Unpooled.wrappedBuffer(input, at++, 1), again);
      }
      check(last == verdict && again.compareTo(body) == 0, "byte by byte");
      check(verdict != BodyDecoder.END || at == end, "the end, byte by byte");

      if (input.length <= WIDE.chunkExtensionBytesMax()) { // no limit can be reached
        Http1Grammar.@Nullable Chunked right = Http1Grammar.chunked(new String(input, ISO_8859_1));
        check((right != null) == (verdict == BodyDecoder.END), "verdict");
        check(right == null || right.end() == end, "the end");
        check(right == null || right.body().contentEquals(body), "content");
      }
    }
  }

  /** Returns what the decoder says last of a chunked body. */
  static int verdict(byte[] chunked) {
    return drain(new BodyDecoder(WIDE, -1), Unpooled.wrappedBuffer(chunked), new StringBuilder());
  }

  /** Reads what is there of a body; returns what the decoder said last. */
  private static int drain(BodyDecoder decoder, ByteBuf in, StringBuilder body) {
    int available = decoder.available(in);
    while (available > 0) {
      body.append(in.readCharSequence(available, ISO_8859_1));
      decoder.took(available);
      available = decoder.available(in);
    }
    return available;
  }

  /** Reads as {@link Http1} does. */
  static final class Connection {
    private final HeadReader heads = new HeadReader(LOOP, Visit.UNCOUNTED);
    private final ByteBuf held = Unpooled.buffer();
    private final StringBuilder body = new StringBuilder();
    private final List<Message> messages = new ArrayList<>();
    private @Nullable BodyDecoder decoder;
    private @Nullable Accepted head;
    private String headText = "";
    private boolean refused;

    Connection read(byte[] input, int atOnce) {
      for (int at = 0; at < input.length; at += atOnce) {
        held.writeBytes(input, at, Math.min(atOnce, input.length - at));
        advance();
      }
      return this;
    }

    Connection read(byte[] input, SplittableRandom chance) {
      for (int at = 0; at < input.length; ) {
        int next = Math.min(chance.nextInt(1, 40), input.length - at);
        held.writeBytes(input, at, next);
        at += next;
        advance();
      }
      return this;
    }

    private void advance() {
      boolean more = !refused;
      while (more) {
        more = (decoder == null ? head() : body(decoder)) && !refused;
      }
    }

    private boolean head() {
      @Nullable Received received = held.isReadable() ? heads.read(held) : null;
      switch (received) {
        case null -> {
          return false;
        }
        case Refusal _ -> refused = true;
        case Accepted accepted -> {
          int to = held.readerIndex();
          int from = to - accepted.headBytes();
          headText = held.toString(from, accepted.headBytes(), ISO_8859_1);
          begin(accepted);
        }
      }
      return true;
    }

    private void begin(Accepted accepted) {
      head = accepted;
      if (accepted.bodyLength() == 0) {
        ended();
      } else if (accepted.bodyLength() > LIMITS.bodyBytesMax()) {
        refused = true;
      } else {
        decoder = new BodyDecoder(LIMITS, accepted.bodyLength());
      }
    }

    private boolean body(BodyDecoder reader) {
      int said = drain(reader, held, body);
      if (said == BodyDecoder.END) {
        ended();
      }
      refused = said == BodyDecoder.MALFORMED || said == BodyDecoder.TOO_LARGE;
      return said == BodyDecoder.END;
    }

    private void ended() {
      Accepted whole = head;
      if (whole != null) {
        messages.add(new Message(whole, headText, body.toString()));
      }
      body.setLength(0);
      decoder = null;
    }

    /** Returns whether the last request was whole and nothing follows it. */
    boolean isBetween() {
      return !messages.isEmpty() && decoder == null && !held.isReadable();
    }

    Heard heard() {
      return new Heard(List.copyOf(messages), refused ? End.REFUSED : End.OPEN);
    }
  }

  private static final Loop LOOP =
      new Loop(
          new EmbeddedChannel().eventLoop(),
          new Setup(
              new Limits(
                  LIMITS,
                  Limits.standard().connection(),
                  Limits.standard().http2(),
                  Limits.standard().http3(),
                  Limits.standard().times(),
                  Limits.standard().address()),
              new ManualClock(Instant.EPOCH),
              new Tally()),
          new SplittableRandom(1));

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }
}
