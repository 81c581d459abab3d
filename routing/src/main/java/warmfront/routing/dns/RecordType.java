package warmfront.routing.dns;

/** The record types by which questions are counted. */
public enum RecordType {
  A,
  AAAA,
  NS,
  SOA,
  TXT,
  HTTPS,
  CAA,
  ANY,
  /** All others, so that a stranger cannot make counters at will. */
  OTHER;

  static final int TYPE_A = 1;
  static final int TYPE_NS = 2;
  static final int TYPE_CNAME = 5;
  static final int TYPE_SOA = 6;
  static final int TYPE_HINFO = 13;
  static final int TYPE_TXT = 16;
  static final int TYPE_AAAA = 28;
  static final int TYPE_OPT = 41;
  static final int TYPE_HTTPS = 65;
  static final int TYPE_IXFR = 251;
  static final int TYPE_AXFR = 252;
  static final int TYPE_ANY = 255;
  static final int TYPE_CAA = 257;

  /** The first and the last of the types that are questions only (RFC 6895, section 3.1). */
  static final int META_FIRST = 128;

  static final int META_LAST = 254;

  static RecordType of(int number) {
    return switch (number) {
      case TYPE_A -> A;
      case TYPE_AAAA -> AAAA;
      case TYPE_NS -> NS;
      case TYPE_SOA -> SOA;
      case TYPE_TXT -> TXT;
      case TYPE_HTTPS -> HTTPS;
      case TYPE_CAA -> CAA;
      case TYPE_ANY -> ANY;
      default -> OTHER;
    };
  }
}
