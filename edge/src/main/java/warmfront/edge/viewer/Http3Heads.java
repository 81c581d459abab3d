package warmfront.edge.viewer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;

/**
 * Writes the heads of one connection's responses: the form that is kept with the object, and what
 * differs. What is the same in all of them is encoded once.
 */
final class Http3Heads {
  private static final String CACHE_NAME = "Warmfront; ";
  private static final byte[] DATE = name("date");
  private static final byte[] AGE = name("age");
  private static final byte[] STATUS = name("cache-status");
  private static final byte[] ID = name("x-amz-cf-id");
  private static final Map<ResultType, byte[]> X_CACHE = xCache();

  private final Loop loop;
  private final Door door;

  Http3Heads(Loop loop, Door door) {
    this.loop = loop;
    this.door = door;
  }

  /** Returns the block of a response's head, lent until the caller returns. */
  HpackBlock write(Response response) {
    Http3Form form = Http3Form.of(response.head());
    Stamp stamp = response.stamp();
    HpackBlock block = QpackLines.begin(loop.http3().block()).encoded(form.bytes());
    if (!form.dated()) {
      block.encoded(DATE).encoded(loop.dateText());
    }
    block.encoded(Objects.requireNonNull(X_CACHE.get(stamp.result()))); // all are there
    if (stamp.ageSeconds() >= 0) {
      block.encoded(AGE).decimal(stamp.ageSeconds());
    }
    @Nullable String cacheStatus = stamp.cacheStatus();
    if (cacheStatus != null) {
      block.encoded(STATUS).text(CACHE_NAME, cacheStatus);
    }
    return block.encoded(door.http3Lines()).encoded(ID).text(stamp.requestId());
  }

  /** Returns the block of an interim response (RFC 9110, 15.2), lent until the caller returns. */
  HpackBlock interim(int status) {
    HpackBlock block = QpackLines.begin(loop.http3().block());
    return QpackLines.line(block, ":status", Integer.toString(status));
  }

  /** Returns the block of an interim response that has fields. */
  HpackBlock interim(Head head) {
    return QpackLines.begin(loop.http3().block()).encoded(Http3Form.of(head).bytes());
  }

  private static byte[] name(String name) {
    return QpackLines.name(new HpackBlock(), name).copy();
  }

  private static Map<ResultType, byte[]> xCache() {
    Map<ResultType, byte[]> lines = new EnumMap<>(ResultType.class);
    for (ResultType result : ResultType.values()) {
      String value = Http1Form.xCache(result);
      lines.put(result, QpackLines.line(new HpackBlock(), "x-cache", value).copy());
    }
    return lines;
  }
}
