package warmfront.edge.step;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;
import warmfront.http.Method;

/** What an edge knows of gRPC: which requests are calls, and how a call ends (gRPC over HTTP2). */
public final class Grpc {
  /** The media type of calls and of their answers, which may go on with {@code +} or {@code ;}. */
  public static final String TYPE = "application/grpc";

  /** The call was cancelled. */
  public static final int CANCELLED = 1;

  /** Something has gone wrong that has no code of its own. */
  public static final int UNKNOWN = 2;

  /** There is no room for the call. */
  public static final int RESOURCE_EXHAUSTED = 8;

  /** A rule of the protocol was broken. */
  public static final int INTERNAL = 13;

  /** Nobody is there to answer just now. */
  public static final int UNAVAILABLE = 14;

  private static final int PERMISSION_DENIED = 7;
  private static final int UNIMPLEMENTED = 12;
  private static final int UNAUTHENTICATED = 16;

  private Grpc() {}

  /** Returns whether what a behavior is asked is a call. */
  public static boolean isCall(Route route, Method method, Fields fields) {
    return route.behavior().options().grpc()
        && method.equals(Method.POST)
        && isType(fields.value("Content-Type"));
  }

  /** Returns whether a viewer asks for a call, which only HTTP/2 can carry. */
  public static boolean isCall(Route route, Request request) {
    return isCall(route, request.method(), request.fields());
  }

  /** Returns whether a Content-Type is that of calls; gRPC-Web has another. */
  public static boolean isType(@Nullable String type) {
    if (type == null || !type.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
      return false;
    }
    return type.length() == TYPE.length() || "+; ".indexOf(type.charAt(TYPE.length())) >= 0;
  }

  /** Returns the code that stands for a status of HTTP (gRPC, "HTTP to gRPC Status Code"). */
  public static int code(int status) {
    return switch (status) {
      case 400 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /** Returns the fields by which a call ends. */
  public static Fields ending(int code, String message) {
    return Fields.of("grpc-status", Integer.toString(code), "grpc-message", encoded(message));
  }

  /** Printable ASCII but for the percent sign; other bytes of UTF-8 as hexadecimal. */
  private static String encoded(String message) {
    var text = new StringBuilder(message.length());
    for (byte next : message.getBytes(StandardCharsets.UTF_8)) {
      if (next >= ' ' && next < 0x7F && next != '%') {
        text.append((char) next);
      } else {
        text.append("%%%02X".formatted(next));
      }
    }
    return text.toString();
  }
}
