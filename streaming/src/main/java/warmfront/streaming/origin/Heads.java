package warmfront.streaming.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import warmfront.http.HttpDate;
import warmfront.time.Clock;

/** Heads of responses. Any page may play what is here: that is for signed URLs to restrict. */
final class Heads {
  /** CloudFront keeps errors, but for a 404 that says this ("How CloudFront caches errors"). */
  static final String NOT_KEPT = "no-store";

  private final Clock clock;

  Heads(Clock clock) {
    this.clock = clock;
  }

  /** Returns a head of a response with a body. */
  HttpResponse found(String type, String cacheControl) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    common(head.headers(), cacheControl).set(HttpHeaderNames.CONTENT_TYPE, type);
    return head;
  }

  /** Returns a short response, in words. */
  FullHttpResponse said(HttpResponseStatus status, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    common(response.headers(), NOT_KEPT)
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    return response;
  }

  /** Returns the answer to a browser that asks whether a page may ask (Fetch, 3.2.2). */
  FullHttpResponse permission() {
    FullHttpResponse response = said(HttpResponseStatus.OK, "");
    response
        .headers()
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD")
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "*")
        .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
    return response;
  }

  private HttpHeaders common(HttpHeaders headers, String cacheControl) {
    return headers
        .set(HttpHeaderNames.DATE, HttpDate.format(clock.now()))
        .set(HttpHeaderNames.CACHE_CONTROL, cacheControl)
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "*")
        .set("Timing-Allow-Origin", "*");
  }
}
