package warmfront.edge.viewer;

import warmfront.edge.step.Place;

/** What every response of one listener says of where it was served. Immutable. */
final class Door {
  /** Few, so that a head leaves room for a small body in its segment. */
  private static final int ID_DIGITS = 6;

  private final Place place;
  private final byte[] lines;
  private final String pop;
  private final String via;

  /**
   * Makes a door.
   *
   * @param processId 32 hexadecimal digits, the same for the life of the process
   */
  Door(Place place, String processId) {
    this.place = place;
    String name = place.location().pop();
    String path = "1.1 " + processId.substring(0, ID_DIGITS) + ".cloudfront.net (CloudFront)";
    lines = Ascii.bytes("X-Amz-Cf-Pop: " + name + "\r\nVia: " + path + "\r\n");
    pop = name;
    via = path;
  }

  Place place() {
    return place;
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
