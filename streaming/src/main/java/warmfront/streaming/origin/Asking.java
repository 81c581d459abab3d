package warmfront.streaming.origin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * What is of interest of a request.
 *
 * @param target in origin form
 * @param isHead whether the head of the answer is all that is wanted
 * @param isPlain whether it is one of HTTP/1.0, which knows no chunks
 * @param isLast whether the connection ends after it
 * @param isBad whether it cannot be read, or has a body
 */
record Asking(
    HttpMethod method,
    String target,
    boolean isHead,
    boolean isPlain,
    boolean isLast,
    boolean isBad) {
  static Asking of(HttpRequest request) {
    boolean isPlain = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    boolean isBad = !request.decoderResult().isSuccess() || hasBody(request);
    return new Asking(
        request.method(),
        request.uri(),
        request.method().equals(HttpMethod.HEAD),
        isPlain,
        isBad || isPlain || !HttpUtil.isKeepAlive(request),
        isBad);
  }

  private static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
            && !request
                .headers()
                .contains(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO, false));
  }
}
