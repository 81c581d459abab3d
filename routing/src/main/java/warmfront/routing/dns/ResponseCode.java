package warmfront.routing.dns;

/** How a query was answered; the names are those of the IANA registry. */
public enum ResponseCode {
  NOERROR(0),
  FORMERR(1),
  SERVFAIL(2),
  NXDOMAIN(3),
  NOTIMP(4),
  REFUSED(5),
  BADVERS(16),
  BADCOOKIE(23);

  private final int number;

  ResponseCode(int number) {
    this.number = number;
  }

  /** Returns the number; its upper 8 of 12 bits stand in the OPT record (RFC 6891, 6.1.3). */
  int number() {
    return number;
  }
}
