package warmfront.edge;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Head;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.ByteRange;
import warmfront.http.Fields;

/** A stored object on the heap that counts how often it was let go of. */
public final class PlainStored implements Stored {
  /** How often {@link #release} was called. */
  public final AtomicInteger released = new AtomicInteger();

  private final int status;
  private final Fields fields;
  private final byte[] body;
  private @Nullable Head head;

  /** Makes one that is 7 seconds old and fresh for 93 more. */
  public PlainStored(int status, String body, String... fields) {
    this.status = status;
    this.fields = Fields.of(fields);
    this.body = body.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public Fields fields() {
    return fields;
  }

  @Override
  public long length() {
    return body.length;
  }

  @Override
  public Duration age(long nanos) {
    return Duration.ofSeconds(7);
  }

  @Override
  public Duration freshFor() {
    return Duration.ofSeconds(93);
  }

  @Override
  public String lifetime(TtlRule rule) {
    return "as long as a test";
  }

  @Override
  public Head dressed(Route route, BiFunction<Stored, Route, Head> dress) {
    if (head == null) {
      head = dress.apply(this, route);
    }
    return head;
  }

  @Override
  public Body body(Gaps gaps) {
    return new Body.Pinned(Slice.of(body), 0, body.length);
  }

  @Override
  public Body body(ByteRange range, Gaps gaps) {
    return new Body.Pinned(Slice.of(body), (int) range.first(), (int) range.length());
  }

  @Override
  public Optional<String> etag() {
    return fields.first("ETag");
  }

  @Override
  public Optional<String> lastModified() {
    return fields.first("Last-Modified");
  }

  @Override
  public void release() {
    released.incrementAndGet();
  }
}
