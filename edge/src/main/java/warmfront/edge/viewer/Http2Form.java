package warmfront.edge.viewer;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
import warmfront.edge.step.Response;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;

/** The part of a response over HTTP/2 that is the same for every viewer, kept in its head. */
final class Http2Form {
  private static final AsciiString DATE = AsciiString.of("date");
  private static final AsciiString AGE = AsciiString.of("age");
  private static final AsciiString X_CACHE = AsciiString.of("x-cache");
  private static final AsciiString POP = AsciiString.of("x-amz-cf-pop");
  private static final AsciiString ID = AsciiString.of("x-amz-cf-id");
  private static final AsciiString VIA = AsciiString.of("via");
  private static final AsciiString CACHE_STATUS = AsciiString.of("cache-status");

  private final AsciiString status;
  private final List<AsciiString> pairs;
  private final boolean dated;

  private Http2Form(Head head) {
    status = AsciiString.of(Integer.toString(head.status()));
    dated = head.fields().has("Date");
    List<AsciiString> collected = new ArrayList<>();
    Fields fields = head.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (!Http1Form.isOurs(fields.nameAt(i))) {
        collected.add(AsciiString.of(Ascii.lower(fields.nameAt(i))));
        collected.add(AsciiString.of(fields.valueAt(i)));
      }
    }
    if (head.contentLength() >= 0 && !Bodies.bodiless(head.status())) {
      collected.add(AsciiString.of("content-length"));
      collected.add(AsciiString.of(Long.toString(head.contentLength())));
    }
    pairs = List.copyOf(collected);
  }

  /** Returns the headers of a response, with what differs from viewer to viewer. */
  static Http2Headers headers(Response response, Loop loop, Door door) {
    Head head = response.head();
    Http2Form form;
    if (head.http2() instanceof Http2Form kept) {
      form = kept;
    } else {
      form = new Http2Form(head);
      head.keepHttp2(form);
    }
    return form.stamped(response.stamp(), loop, door);
  }

  private Http2Headers stamped(Stamp stamp, Loop loop, Door door) {
    List<AsciiString> all = new ArrayList<>(pairs.size() + 14);
    all.addAll(pairs);
    if (!dated) {
      all.add(DATE);
      all.add(loop.date());
    }
    all.add(X_CACHE);
    all.add(AsciiString.of(Http1Form.xCache(stamp.result())));
    if (stamp.ageSeconds() >= 0) {
      all.add(AGE);
      all.add(AsciiString.of(Long.toString(stamp.ageSeconds())));
    }
    @Nullable String cacheStatus = stamp.cacheStatus();
    if (cacheStatus != null) {
      all.add(CACHE_STATUS);
      all.add(AsciiString.of("Warmfront; " + cacheStatus));
    }
    all.add(POP);
    all.add(door.pop());
    all.add(VIA);
    all.add(door.via());
    all.add(ID);
    all.add(AsciiString.of(stamp.requestId()));
    return ReadOnlyHttp2Headers.serverHeaders(false, status, all.toArray(AsciiString[]::new));
  }

  /** Returns the length of names and values, as an estimate of what they take on the wire. */
  static int size(Http2Headers headers) {
    int size = 0;
    for (var field : headers) {
      size += field.getKey().length() + field.getValue().length();
    }
    return size;
  }
}
