package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * What is asked over HTTP where RTMP is spoken: the policy that lets Flash connect from any page,
 * and RTMP through a tunnel.
 */
final class WebDoor extends SimpleChannelInboundHandler<FullHttpRequest> implements Loop.Swept {
  private static final byte[] CROSS_DOMAIN =
      """
      <?xml version="1.0"?>
      <!DOCTYPE cross-domain-policy SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd">
      <cross-domain-policy>
        <allow-access-from domain="*" secure="false"/>
        <site-control permitted-cross-domain-policies="all"/>
      </cross-domain-policy>
      """
          .getBytes(US_ASCII);

  private final Loop loop;
  private final Channel channel;
  private final TunnelDoor tunnel;
  private long heard;

  WebDoor(Loop loop, Channel channel, TunnelDoor tunnel) {
    this.loop = loop;
    this.channel = channel;
    this.tunnel = tunnel;
    heard = loop.nanos();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop.remove(this);
    tunnel.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    heard = loop.nanos();
    boolean isRead =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (request.decoderResult().isFailure()) {
      HttpUtil.setKeepAlive(request, false);
      answer(context, request, HttpResponseStatus.BAD_REQUEST, new byte[0]);
    } else if (request.method().equals(HttpMethod.POST)) {
      tunnel.take(request);
    } else if (isRead && request.uri().equals("/crossdomain.xml")) {
      answer(context, request, HttpResponseStatus.OK, CROSS_DOMAIN);
    } else {
      answer(context, request, HttpResponseStatus.NOT_FOUND, new byte[0]);
    }
  }

  private static void answer(
      ChannelHandlerContext context,
      FullHttpRequest request,
      HttpResponseStatus status,
      byte[] body) {
    boolean hasBody = !request.method().equals(HttpMethod.HEAD);
    ByteBuf bytes = hasBody ? Unpooled.wrappedBuffer(body) : Unpooled.EMPTY_BUFFER;
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (body.length > 0) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/xml");
    }
    boolean isKept = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, isKept);
    ChannelFuture sent = context.writeAndFlush(response);
    if (!isKept) {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void sweep(long now) {
    if (now - heard > loop.limits().times().handshake().toNanos()) {
      end();
    }
  }

  @Override
  public void drain() {
    end();
  }

  @Override
  public void end() {
    var _ = channel.close();
  }

  /** The peer reset the connection. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
