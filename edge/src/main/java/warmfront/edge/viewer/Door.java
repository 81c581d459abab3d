package warmfront.edge.viewer;

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
  private final String pop;
  private final String via;

  /**
   * Makes a door.
   *
   * @param handler takes the requests
   * @param processId 32 hexadecimal digits, the same for the life of the process
   */
  static Door ofViewers(Place place, Handler handler, String processId) {
    return new Door(place, handler, processId, CACHE_STATUS);
  }

  /** Makes a door for other edges, as {@link #ofViewers} does for viewers. */
  static Door ofPeers(Place place, Handler handler, String processId) {
    return new Door(place, handler, processId, INTERNAL_STATUS);
  }

  private Door(Place place, Handler handler, String processId, byte[] status) {
    this.place = place;
    this.handler = handler;
    this.status = status;
    String name = place.location().pop();
    String path = "1.1 " + processId.substring(0, ID_DIGITS) + ".cloudfront.net (CloudFront)";
    lines = Ascii.bytes("X-Amz-Cf-Pop: " + name + "\r\nVia: " + path + "\r\n");
    pop = name;
    via = path;
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

  /** Returns the lines X-Amz-Cf-Pop and Via for HTTP/1; not to be changed. */
  byte[] lines() {
    return lines;
  }

  /** Returns X-Amz-Cf-Pop. */
  String pop() {
    return pop;
  }

  /** Returns Via. */
  String via() {
    return via;
  }
}
