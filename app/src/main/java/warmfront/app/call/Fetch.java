package warmfront.app.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * A viewer that asks one edge location, by its address, for one thing, and times it: HTTP/1.1 on a
 * connection of its own.
 */
public final class Fetch {
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final int SILENCE_MILLIS_MAX = 30_000;
  private static final int LINE_BYTES_MAX = 16_384;

  private final Clock clock;

  /** Times by this clock. */
  public Fetch(Clock clock) {
    this.clock = clock;
  }

  /**
   * What came.
   *
   * @param status of HTTP
   * @param fields of the response
   * @param bodyBytes how long the body was
   * @param text the body's first KiB as Latin-1
   * @param first from the connection's start to the status line
   * @param all to the end of the body
   */
  public record Answer(
      int status, Fields fields, long bodyBytes, String text, Duration first, Duration all) {
    /** Returns a field, or a dash. */
    public String field(String name) {
      return fields.first(name).orElse("-");
    }
  }

  /**
   * Gets {@code target}.
   *
   * @param host what Host says
   * @param fields further request fields
   * @throws IOException if there is no whole answer
   */
  public Answer get(InetSocketAddress edge, String host, String target, Fields fields)
      throws IOException {
    long begin = clock.nanos();
    try (Socket socket = new Socket()) {
      socket.connect(edge, CONNECT_MILLIS_MAX);
      socket.setSoTimeout(SILENCE_MILLIS_MAX);
      StringBuilder head = new StringBuilder();
      head.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(host);
      head.append("\r\nConnection: close\r\n");
      fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
      InputStream in = new BufferedInputStream(socket.getInputStream(), 65_536);
      String status = line(in);
      Duration first = since(begin);
      if (!status.matches("HTTP/1\\.1 [1-5][0-9][0-9]( .*)?")) {
        throw new IOException("not an HTTP answer: " + status);
      }
      Fields answered = fields(in);
      Body body = new Body();
      body.read(in, answered);
      return new Answer(
          Integer.parseInt(status.substring(9, 12)),
          answered,
          body.bytes,
          body.beginning.toString(ISO_8859_1),
          first,
          since(begin));
    }
  }

  private Duration since(long begin) {
    return Duration.ofNanos(clock.nanos() - begin);
  }

  private static Fields fields(InputStream in) throws IOException {
    Fields.Builder fields = Fields.builder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a field: " + line);
      }
      fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return fields.build();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.size() > LINE_BYTES_MAX) {
        throw new EOFException("the answer's head does not end");
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** A body in the reading: counted, its beginning kept. */
  private static final class Body {
    private static final int BEGINNING_MAX = 1024;

    private final byte[] buffer = new byte[65_536];
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private long bytes;

    void read(InputStream in, Fields fields) throws IOException {
      if (fields.has("Transfer-Encoding")) {
        for (long size = chunk(in); size > 0; size = chunk(in)) {
          exactly(in, size);
          line(in);
        }
      } else if (fields.has("Content-Length")) {
        exactly(in, Long.parseLong(fields.first("Content-Length").orElseThrow()));
      } else {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          took(n);
        }
      }
    }

    private static long chunk(InputStream in) throws IOException {
      return Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
    }

    private void exactly(InputStream in, long count) throws IOException {
      for (long left = count; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw new EOFException("the body ends " + left + " bytes early");
        }
        took(n);
        left -= n;
      }
    }

    private void took(int count) {
      bytes += count;
      beginning.write(buffer, 0, Math.min(count, BEGINNING_MAX - beginning.size()));
    }
  }
}
