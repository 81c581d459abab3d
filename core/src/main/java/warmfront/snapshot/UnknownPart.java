package warmfront.snapshot;

/** A value has a part that this version does not know; never leaves this package. */
final class UnknownPart extends RuntimeException {
  private final String part;

  UnknownPart(String part) {
    super(part, null, false, false);
    this.part = part;
  }

  String part() {
    return part;
  }
}
