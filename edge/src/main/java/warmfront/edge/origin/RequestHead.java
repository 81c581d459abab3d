package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** The request line and header as they go to a peer (RFC 9112, 3 and 5). */
final class RequestHead {
  private RequestHead() {}

  static ByteBuf write(Ask ask, ByteBufAllocator allocator) {
    StringBuilder text = new StringBuilder(512);
    text.append(ask.method()).append(' ').append(ask.target()).append(" HTTP/1.1\r\n");
    ask.fields()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    if (ask.upgrades()) {
      text.append("Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      return bytes(text, allocator);
    }
    if (ask.bodyLength() < 0) {
      text.append("Transfer-Encoding: chunked\r\n");
    } else if (ask.bodyLength() > 0 || expectsBody(ask.method())) {
      text.append("Content-Length: ").append(ask.bodyLength()).append("\r\n");
    }
    text.append("Connection: Keep-Alive\r\n\r\n");
    return bytes(text, allocator);
  }

  private static ByteBuf bytes(StringBuilder text, ByteBufAllocator allocator) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    return allocator.directBuffer(bytes.length).writeBytes(bytes);
  }

  // RFC 9110, 8.6: a length of 0 is said where a body could be expected
  private static boolean expectsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
