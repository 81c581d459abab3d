package warmfront.edge.viewer;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Handler;
import warmfront.edge.step.Internal;
import warmfront.edge.step.Place;

/** Where one listener's requests go, and what its responses say of where they were served. */
final class Door {
  /** Few, so that a head leaves room for a small body in its segment. */
  private static final int ID_DIGITS = 6;

  private static final byte[] CACHE_STATUS = Ascii.bytes("Cache-Status: Warmfront; ");
  private static final byte[] INTERNAL_STATUS = Ascii.bytes(Internal.STATUS + ": ");

  private final Place place;
  private final Handler handler;
  private final byte[] status;
  private final byte[] lines;
  private final byte[] http3Lines;
  private final String pop;
  private final String via;
  private final @Nullable String altSvc;
  private final @Nullable Door advertising;

  /**
   * Makes a door.
   *
   * @param handler takes the requests
   * @param processId 32 hexadecimal digits, the same for the life of the process
   */
  static Door ofViewers(Place place, Handler handler, String processId) {
    return new Door(place, handler, processId, CACHE_STATUS, null, null);
  }

  /**
   * Makes a door as {@link #ofViewers} does, of a listener that speaks HTTP/3 at the same port; it
   * says so to viewers who come over TCP (RFC 7838; CloudFront says 86,400 s).
   */
  static Door ofHttp3(Place place, Handler handler, String processId) {
    String altSvc = "h3=\":" + place.httpsPort() + "\"; ma=86400";
    Door advertising = new Door(place, handler, processId, CACHE_STATUS, altSvc, null);
    return new Door(place, handler, processId, CACHE_STATUS, null, advertising);
  }

  /** Makes a door for other edges, as {@link #ofViewers} does for viewers. */
  static Door ofPeers(Place place, Handler handler, String processId) {
    return new Door(place, handler, processId, INTERNAL_STATUS, null, null);
  }

  private Door(
      Place place,
      Handler handler,
      String processId,
      byte[] status,
      @Nullable String altSvc,
      @Nullable Door advertising) {
    this.place = place;
    this.handler = handler;
    this.status = status;
    this.altSvc = altSvc;
    this.advertising = advertising;
    String name = place.location().pop();
    String path = "1.1 " + processId.substring(0, ID_DIGITS) + ".cloudfront.net (CloudFront)";
    lines =
        Ascii.bytes(
            "X-Amz-Cf-Pop: "
                + name
                + "\r\nVia: "
                + path
                + "\r\n"
                + (altSvc == null ? "" : "Alt-Svc: " + altSvc + "\r\n"));
    HpackBlock block = QpackLines.line(new HpackBlock(), "x-amz-cf-pop", name);
    http3Lines = QpackLines.line(block, "via", path).copy();
    pop = name;
    via = path;
  }

  /**
   * Returns the door for connections over TLS that were begun for a name: one that advertises
   * HTTP/3 if the name's distribution has it. Found out once a connection, so that no response
   * costs more.
   */
  Door named(String serverName) {
    return advertising != null && handler.speaksHttp3(serverName) ? advertising : this;
  }

  Place place() {
    return place;
  }

  /** Returns what takes the requests. */
  Handler handler() {
    return handler;
  }

  /** Returns what begins the line that says what the cache did, over HTTP/1; not to be changed. */
  byte[] status() {
    return status;
  }

  /** Returns the lines X-Amz-Cf-Pop, Via and Alt-Svc for HTTP/1; not to be changed. */
  byte[] lines() {
    return lines;
  }

  /** Returns the lines X-Amz-Cf-Pop and Via for HTTP/3; not to be changed. */
  byte[] http3Lines() {
    return http3Lines;
  }

  /** Returns X-Amz-Cf-Pop. */
  String pop() {
    return pop;
  }

  /** Returns Via. */
  String via() {
    return via;
  }

  /** Returns Alt-Svc; null if there is none to say. */
  @Nullable String altSvc() {
    return altSvc;
  }
}
