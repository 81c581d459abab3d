package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests of RTMPT on one connection, answered in their order: {@code /open/1} gets an id; {@code
 * /send}, {@code /idle} and {@code /close} name it and the number of the request. That a proxy says
 * for whom it asks is not believed.
 */
final class TunnelDoor {
  private static final Pattern PATH =
      Pattern.compile("/(send|idle|close)/([0-9a-f]{32})/([0-9]{1,10})");
  private static final String OPEN = "/open/";

  /** In these letters librtmp looks for it. */
  private static final String CONTENT_LENGTH = "Content-Length";

  private static final String TYPE = "application/x-fcs";

  /** Requests that may wait for the answers before theirs. */
  private static final int WAITING_MAX = 64;

  private final Channel channel;
  private final Loop loop;
  private final Tunnels tunnels;
  private final Dialects dialects;
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean isBusy;

  TunnelDoor(Channel channel, Loop loop, Tunnels tunnels, Dialects dialects) {
    this.channel = channel;
    this.loop = loop;
    this.tunnels = tunnels;
    this.dialects = dialects;
  }

  /** Takes a POST, with a hold of its own. */
  void take(FullHttpRequest request) {
    if (waiting.size() == WAITING_MAX) {
      var _ = channel.close();
      return;
    }
    waiting.add(request.retain());
    next();
  }

  /** Lets go of what waits; the connection is no more. */
  void close() {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  private void next() {
    while (!isBusy && !waiting.isEmpty()) {
      FullHttpRequest request = waiting.removeFirst();
      isBusy = true;
      try {
        handle(request, HttpUtil.isKeepAlive(request));
      } finally {
        request.release();
      }
    }
  }

  private void handle(FullHttpRequest request, boolean isKept) {
    if (request.uri().startsWith(OPEN)) {
      @Nullable Tunnel opened = tunnels.open(channel, loop, dialects);
      if (opened == null) {
        answer(HttpResponseStatus.SERVICE_UNAVAILABLE, Unpooled.EMPTY_BUFFER, isKept);
      } else {
        byte[] id = (opened.id() + "\n").getBytes(US_ASCII);
        answer(HttpResponseStatus.OK, Unpooled.wrappedBuffer(id), isKept);
      }
      return;
    }
    Matcher path = PATH.matcher(request.uri());
    @Nullable Tunnel tunnel = path.matches() ? tunnels.find(path.group(2)) : null;
    if (tunnel == null || tunnel.isSecure() != Dialects.isSecure(channel)) {
      answer(HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER, isKept);
      return;
    }
    boolean says = path.group(1).equals("send");
    ByteBuf body = says ? request.content().retain() : Unpooled.EMPTY_BUFFER;
    long number = Long.parseLong(path.group(3));
    boolean isLast = path.group(1).equals("close");
    tunnel.request(
        new Tunnel.Request(number, body, isLast, answered -> answered(answered, isKept)));
  }

  private void answered(@Nullable ByteBuf answer, boolean isKept) {
    if (channel.eventLoop().inEventLoop()) {
      answer(
          answer == null ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.OK,
          answer == null ? Unpooled.EMPTY_BUFFER : answer,
          isKept);
    } else {
      channel.eventLoop().execute(() -> answered(answer, isKept));
    }
  }

  private void answer(HttpResponseStatus status, ByteBuf body, boolean isKept) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response.headers().set(CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, TYPE);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    response
        .headers()
        .set(
            HttpHeaderNames.CONNECTION,
            isKept ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    var sent = channel.writeAndFlush(response);
    if (!isKept) {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
    isBusy = false;
    next();
  }
}
