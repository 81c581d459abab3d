package warmfront.edge.coding;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.bytes.Flow;
import warmfront.bytes.Parts;
import warmfront.bytes.Slice;
import warmfront.edge.step.Coding;

final class CoderTest {
  @AutoClose private final Coder coder = new Coder(new Limits(2, 4));

  @ParameterizedTest
  @EnumSource
  void what_was_compressed_is_the_same_after_decoding(Coding coding) throws Exception {
    for (int length : new int[] {0, 1, 1_000, 70_000, 3_000_000}) {
      byte[] page = page(length);

      byte[] coded = read(coder.encode(coding, parts(page, 40_000), length).orElseThrow());

      assertThat(decoded(coding, coded)).isEqualTo(page);
    }
    assertThat(coder.counts().bytesIn()).isEqualTo(3_071_001);
  }

  @ParameterizedTest
  @EnumSource
  void it_is_no_longer_than_what_nginx_makes_by_default(Coding coding) throws Exception {
    byte[] page = page(300_000);

    byte[] coded = read(coder.encode(coding, parts(page, 16_000), page.length).orElseThrow());

    // nginx compresses by zlib's level 1, its modules for the others to fewer bytes than that
    var deflater = new Deflater(1);
    deflater.setInput(page);
    deflater.finish();
    int nginx = deflater.deflate(new byte[page.length]);
    deflater.end();
    assertThat(coded.length).isLessThanOrEqualTo(nginx);
  }

  @Test
  void a_body_beyond_the_limit_stays_as_it_is() throws Exception {
    List<Flow> begun = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      begun.add(coder.encode(Coding.GZIP, parts(page(5_000), 5_000), 5_000).orElseThrow());
    }

    assertThat(coder.encode(Coding.GZIP, parts(page(5_000), 5_000), 5_000)).isEmpty();
    assertThat(coder.counts().refused()).isEqualTo(1);

    begun.getFirst().cancel();
    assertThat(read(coder.encode(Coding.GZIP, parts(page(9), 9), 9).orElseThrow())).isNotEmpty();
    for (Flow flow : begun.subList(1, 4)) {
      assertThat(read(flow)).isNotEmpty();
    }
    assertThat(coder.encode(Coding.GZIP, parts(page(5_000), 5_000), 5_000)).isPresent();
  }

  @Test
  void a_body_that_breaks_off_breaks_off_and_makes_room() throws Exception {
    Flow broken =
        new Flow() {
          private boolean begun;

          @Override
          public void next(Receiver receiver) {
            if (begun) {
              receiver.broken("the cable");
            } else {
              begun = true;
              receiver.part(Slice.of(page(5_000)));
            }
          }

          @Override
          public void cancel() {}
        };
    for (int i = 0; i < 10; i++) {
      begun(broken);
    }
    assertThat(coder.counts().refused()).isZero();
  }

  private void begun(Flow broken) throws Exception {
    var reader = new Collecting(coder.encode(Coding.BROTLI, broken, 9_000).orElseThrow());
    assertThat(reader.reason()).isEqualTo("the cable");
  }

  @Test
  void slices_are_let_go_of_also_when_it_is_cancelled_in_the_middle() throws Exception {
    for (int i = 0; i < 50; i++) {
      var left = new CountDownLatch(1);
      Slice slice = new Slice(java.nio.ByteBuffer.wrap(page(60_000)), left::countDown);
      Flow coded = coder.encode(Coding.BROTLI, new Parts(List.of(slice)), 60_000).orElseThrow();
      coded.next(new Ignoring());

      coded.cancel();

      assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
    // the last ones may still be at work
    while (coder.encode(Coding.GZIP, Flow.empty(), 0).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  static byte[] page(int length) {
    var random = new SplittableRandom(7);
    var text = new StringBuilder(length + 100);
    while (text.length() < length) {
      text.append("<li class=\"item\" id=\"i")
          .append(random.nextInt(10_000))
          .append("\"><a href=\"/page/")
          .append(random.nextInt(100))
          .append("\">Article</a></li>\n");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static Flow parts(byte[] bytes, int each) {
    List<Slice> slices = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += each) {
      slices.add(
          Slice.of(java.util.Arrays.copyOfRange(bytes, at, Math.min(at + each, bytes.length))));
    }
    return new Parts(slices);
  }

  private static byte[] decoded(Coding coding, byte[] bytes) throws IOException {
    var in = new ByteArrayInputStream(bytes);
    try (InputStream decoder =
        switch (coding) {
          case GZIP -> new GZIPInputStream(in);
          case BROTLI -> new BrotliInputStream(in);
          case ZSTD -> new ZstdInputStreamNoFinalizer(in);
        }) {
      return decoder.readAllBytes();
    }
  }

  private static byte[] read(Flow flow)
      throws InterruptedException, ExecutionException, TimeoutException {
    return new Collecting(flow).bytes();
  }

  private static final class Ignoring implements Flow.Receiver {
    @Override
    public void part(Slice part) {
      part.release();
    }

    @Override
    public void end() {}

    @Override
    public void broken(String reason) {}
  }

  /** Reads a flow to its end. */
  private static final class Collecting implements Flow.Receiver {
    private final Flow flow;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    Collecting(Flow flow) {
      this.flow = flow;
      flow.next(this);
    }

    @Override
    public void part(Slice part) {
      byte[] bytes = new byte[part.length()];
      part.buffer().get(bytes);
      part.release();
      all.writeBytes(bytes);
      flow.next(this);
    }

    @Override
    public void end() {
      ended.complete("");
    }

    @Override
    public void broken(String reason) {
      ended.complete(reason);
    }

    String reason() throws InterruptedException, ExecutionException, TimeoutException {
      return ended.get(20, TimeUnit.SECONDS);
    }

    byte[] bytes() throws InterruptedException, ExecutionException, TimeoutException {
      assertThat(reason()).isEmpty();
      return all.toByteArray();
    }
  }
}
