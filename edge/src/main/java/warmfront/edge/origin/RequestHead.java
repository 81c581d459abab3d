package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import warmfront.http.Fields;
import warmfront.http.Lines;

/** The request line and header as they go to a peer (RFC 9112, 3 and 5). */
final class RequestHead {
  private static final String VERSION = " HTTP/1.1\r\n";
  private static final String KEPT = "Connection: Keep-Alive\r\n\r\n";

  private RequestHead() {}

  static ByteBuf write(Ask ask, ByteBufAllocator allocator) {
    Fields fields = ask.fields();
    String end = end(ask);
    int size = ask.method().length() + 1 + ask.target().length() + VERSION.length() + end.length();
    for (int i = 0; i < fields.size(); i++) {
      size += Lines.length(fields.nameAt(i), fields.valueAt(i));
    }
    byte[] bytes = new byte[size];
    int at = Lines.put(ask.method(), bytes, 0);
    bytes[at] = ' ';
    at = Lines.put(VERSION, bytes, Lines.put(ask.target(), bytes, at + 1));
    for (int i = 0; i < fields.size(); i++) {
      at = Lines.put(fields.nameAt(i), fields.valueAt(i), bytes, at);
    }
    Lines.put(end, bytes, at);
    return allocator.directBuffer(size).writeBytes(bytes);
  }

  private static String end(Ask ask) {
    if (ask.upgrades()) {
      return "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    }
    if (ask.bodyLength() < 0) {
      return "Transfer-Encoding: chunked\r\n" + KEPT;
    }
    return ask.bodyLength() > 0 || expectsBody(ask.method())
        ? "Content-Length: " + ask.bodyLength() + "\r\n" + KEPT
        : KEPT;
  }

  // RFC 9110, 8.6: a length of 0 is said where a body could be expected
  private static boolean expectsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
