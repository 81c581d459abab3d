package warmfront.streaming.media;

/**
 * A file in memory, of which only that is at hand which was asked for last; what is read beside it
 * is an error of the reader's. Counts what it gave.
 */
final class Bytes implements Window {
  private final byte[] file;
  private final boolean all;
  private long from;
  private long to;
  private long given;
  private int asked;

  private Bytes(byte[] file, boolean all) {
    this.file = file;
    this.all = all;
  }

  /** Returns a file that gives what it is asked for. */
  static Bytes asked(byte[] file) {
    return new Bytes(file, false);
  }

  /** Returns a file that is all at hand. */
  static Bytes all(byte[] file) {
    return new Bytes(file, true);
  }

  /** Puts bytes at hand, instead of those before. */
  void give(long offset, int length) {
    if (length < 1 || offset < 0 || offset > file.length - length) {
      throw new AssertionError("%d bytes at %d of %d".formatted(length, offset, file.length));
    }
    if (has(offset, length)) {
      throw new AssertionError("%d bytes at %d are at hand".formatted(length, offset));
    }
    from = offset;
    to = offset + length;
    given += length;
    asked++;
  }

  long given() {
    return given;
  }

  int timesAsked() {
    return asked;
  }

  @Override
  public long objectLength() {
    return file.length;
  }

  @Override
  public boolean has(long offset, int length) {
    return all
        ? offset >= 0 && offset <= file.length - length
        : offset >= from && offset + length <= to;
  }

  @Override
  public int at(long offset) {
    check(offset, 1);
    return file[(int) offset] & 0xff;
  }

  @Override
  public void copy(long offset, byte[] into, int at, int length) {
    check(offset, length);
    System.arraycopy(file, (int) offset, into, at, length);
  }

  private void check(long offset, int length) {
    if (!has(offset, length)) {
      throw new AssertionError("%d bytes at %d are not at hand".formatted(length, offset));
    }
  }
}
