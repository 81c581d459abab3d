package warmfront.edge.viewer;

/** What a viewer over HTTP/2 can make the edge do without asking for anything (RFC 9113, 10.5). */
enum Toil {
  /** A stream that the viewer resets while it is served (CVE-2023-44487). */
  RESET(10),
  /** A stream that the edge must reset (CVE-2025-8671). */
  FAULT(10),
  /** Settings, which must be acknowledged (CVE-2019-9515). */
  SETTINGS(10),
  /** A ping, which must be answered (CVE-2019-9512). */
  PING(2),
  /** A frame about priorities (CVE-2019-9513). */
  PRIORITY(1),
  /** A frame that says nothing: no data, no padding, no end (CVE-2019-9518). */
  EMPTY(5),
  /** One more piece of a header (CVE-2024-27316). */
  CONTINUATION(5),
  /** Some more room for a response. */
  WINDOW(1),
  /** A part that is tiny because the viewer leaves room for no more (CVE-2019-9511). */
  TINY(2),
  /** A frame of a type that is not known here, or for a stream that is over. */
  IDLE(1);

  private final int cost;

  Toil(int cost) {
    this.cost = cost;
  }

  /** Returns what it costs of {@link Limits.Http2#toilMax}. */
  int cost() {
    return cost;
  }
}
