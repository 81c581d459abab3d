package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import warmfront.edge.step.Protocol;
import warmfront.edge.viewer.Received.Accepted;

/**
 * The head of a request, from its bytes to {@link Accepted}. In the package of the parsers, as
 * their tests are, because nobody else may see them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeadBenchmark {
  private static final String SHORT =
      """
      GET /images/spring/1.jpg HTTP/1.1
      Host: d111111abcdef8.warmfront.localhost
      User-Agent: bench
      Accept: */*

      """;

  private static final String BROWSER =
      """
      GET /images/catalogue/spring/1.jpg?width=640&quality=80 HTTP/1.1
      Host: d111111abcdef8.warmfront.localhost
      Connection: keep-alive
      sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
      sec-ch-ua-mobile: ?0
      User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36
      sec-ch-ua-platform: "Linux"
      Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8
      Sec-Fetch-Site: same-origin
      Sec-Fetch-Mode: no-cors
      Sec-Fetch-Dest: image
      Referer: https://d111111abcdef8.warmfront.localhost/catalogue/spring
      Accept-Encoding: gzip, deflate, br, zstd
      Accept-Language: en-GB,en;q=0.9
      Cookie: session=4f1c2a7be0d94c55; theme=dark; consent=all

      """;

  /** Who asks. */
  @Param({"SHORT", "BROWSER"})
  public String viewer = "SHORT";

  private final Http2Desk desk = new Http2Desk(Limits.standard(), Protocol.HTTP_2);
  private final HpackDecoder decoder = new HpackDecoder(desk);
  private final HeadParser parser = new HeadParser(Limits.standard().message());
  private byte[] head = new byte[0];
  private byte[] block = new byte[0];

  /** Makes the bytes, and fills the decoder's table as the first requests of a connection do. */
  @Setup
  public void prepare() {
    String text = viewer.equals("SHORT") ? SHORT : BROWSER;
    head = text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    List<String[]> lines = lines(text);
    HpackBlock first = new HpackBlock();
    HpackBlock later = new HpackBlock();
    for (int i = 0; i < lines.size(); i++) {
      String name = lines.get(i)[0];
      String value = lines.get(i)[1];
      first.kept(0).shortText(name).shortText(value);
      if (name.equals(":path")) {
        later.line(name, value);
      } else {
        later.indexed(HpackStatic.SIZE + lines.size() - i);
      }
    }
    block = first.copy();
    if (!(http2() instanceof Accepted)) {
      throw new IllegalStateException("refused");
    }
    block = later.copy();
  }

  private static List<String[]> lines(String text) {
    List<String[]> lines = new ArrayList<>();
    for (String line : text.strip().split("\n", -1)) {
      if (line.startsWith("GET ")) {
        lines.add(new String[] {":method", "GET"});
        lines.add(new String[] {":scheme", "https"});
        lines.add(new String[] {":path", line.split(" ", 3)[1]});
      } else if (!line.startsWith("Connection")) {
        String[] parts = line.split(": ", 2);
        parts[0] = parts[0].equals("Host") ? ":authority" : Ascii.lower(parts[0]);
        lines.add(parts);
      }
    }
    lines.sort((one, other) -> Boolean.compare(other[0].startsWith(":"), one[0].startsWith(":")));
    return lines;
  }

  /** HTTP/1: finds the end and reads the head. */
  @Benchmark
  public Object http1() {
    int length = HeadScanner.end(head, head.length);
    return parser.parse(head, length);
  }

  /** HTTP/2: decodes the block and reads the list; all but the path is in the table. */
  @Benchmark
  public Object http2() {
    Http2Parser list = desk.parser().begin();
    if (!decoder.decode(block, block.length, list)) {
      throw new IllegalStateException("not decoded: " + Arrays.toString(block));
    }
    return list.end(true);
  }
}
