package warmfront.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import warmfront.bytes.Flow;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.edge.step.Place;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Requests as the tests of the edge need them. */
public final class Visits {
  /** The location in Frankfurt. */
  public static final Location FRA =
      new Location(
          "FRA", "Frankfurt", "DE", 50.1, 8.7, PriceClass.PRICE_CLASS_100, 100, Optional.empty());

  /** Its listener for plain HTTP. */
  public static final Place HTTP = new Place(FRA, false, 8443);

  /** Its listener for HTTPS. */
  public static final Place HTTPS = new Place(FRA, true, 8443);

  private Visits() {}

  /** Returns a GET over plain HTTP. */
  public static Request get(String host, String target, String... fields) {
    return request(Method.GET, host, target, HTTP, Protocol.HTTP_1_1, "", fields);
  }

  /** Returns a GET under an id. */
  public static Request named(String id) {
    Request any = get("h", "/");
    return new Request(
        id,
        any.method(),
        any.host(),
        any.path(),
        any.query(),
        any.fields(),
        any.body(),
        any.bodyLength(),
        any.protocol(),
        any.tls(),
        any.place(),
        any.viewer(),
        any.headBytes(),
        any.startNanos());
  }

  /** Returns a request. */
  public static Request request(
      Method method,
      String host,
      String target,
      Place place,
      Protocol protocol,
      String body,
      String... fields) {
    int mark = target.indexOf('?');
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return new Request(
        "0123456789012345678901234567890123456789012345678901ABC=",
        method,
        host,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? null : target.substring(mark + 1),
        Fields.of(fields),
        Flow.of(bytes),
        bytes.length,
        protocol,
        Optional.empty(),
        place,
        viewer(),
        100,
        0);
  }

  private static InetSocketAddress viewer() {
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7}), 4711);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
