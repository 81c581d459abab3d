package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import warmfront.edge.step.Request;

/**
 * Finds the body of one request in what follows its header: by length, or by chunks, strictly (RFC
 * 9112, 6.2 and 7.1). Extensions and trailers are checked and dropped.
 */
final class BodyDecoder {
  /** More bytes are needed. */
  static final int MORE = 0;

  static final int END = -1;
  static final int MALFORMED = -2;
  static final int TOO_LARGE = -3;

  private static final int SIZE_DIGITS_MAX = 15;

  private enum At {
    SIZE,
    SIZE_BLANK,
    EXT_NAME_START,
    EXT_NAME,
    EXT_NAME_BLANK,
    EXT_VALUE_START,
    EXT_VALUE,
    EXT_QUOTED,
    EXT_ESCAPE,
    EXT_VALUE_END,
    EXT_VALUE_BLANK,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    LAST_LF,
    DONE,
    WRONG
  }

  private final Limits.Message limits;
  private final boolean chunked;
  private At at;
  private long left;
  private long total;
  private int digits;
  private int extensionBytes;
  private int trailerBytes;

  /**
   * Begins a body.
   *
   * @param length its length in bytes, above 0, -1 if it is chunked, or a tunnel's, which never
   *     ends
   */
  BodyDecoder(Limits.Message limits, long length) {
    this.limits = limits;
    chunked = length == -1;
    at = chunked ? At.SIZE : At.DATA;
    left = chunked ? 0 : length == Request.TUNNEL ? Long.MAX_VALUE : length;
  }

  /** Returns how many bytes are still to come at least. */
  long left() {
    return left;
  }

  /**
   * Reads framing.
   *
   * @return how many bytes at the reader's index are the body's, for {@link #took}; or one of the
   *     constants
   */
  int available(ByteBuf in) {
    while (in.isReadable()) {
      if (at == At.DATA) {
        return (int) Math.min(left, in.readableBytes());
      }
      if (at == At.DONE) {
        return END;
      }
      at = next(in.readByte());
      if (at == At.WRONG) {
        return MALFORMED;
      }
      if (at == At.DATA && total > limits.bodyBytesMax() - left) {
        return TOO_LARGE;
      }
    }
    return at == At.DONE ? END : MORE;
  }

  /** Takes note that {@code bytes} of the available bytes were read. */
  void took(int bytes) {
    left -= bytes;
    total += bytes;
    if (left == 0) {
      at = chunked ? At.DATA_CR : At.DONE;
    }
  }

  private At next(byte b) {
    return switch (at) {
      case SIZE, SIZE_BLANK, SIZE_LF -> size(b);
      case EXT_NAME_START, EXT_NAME, EXT_NAME_BLANK -> extensionName(b);
      case EXT_VALUE_START, EXT_VALUE, EXT_QUOTED, EXT_ESCAPE, EXT_VALUE_END, EXT_VALUE_BLANK ->
          extensionValue(b);
      case DATA_CR -> b == Ascii.CR ? At.DATA_LF : At.WRONG;
      case DATA_LF -> b == Ascii.LF ? At.SIZE : At.WRONG;
      case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, LAST_LF -> trailer(b);
      case DATA, DONE, WRONG -> throw new IllegalStateException("no framing at " + at);
    };
  }

  private At size(byte b) {
    if (at == At.SIZE_LF) {
      return b == Ascii.LF ? chunk() : At.WRONG;
    }
    int digit = Character.digit(b, 16);
    if (at == At.SIZE && digit >= 0) {
      left = left << 4 | digit;
      return ++digits > SIZE_DIGITS_MAX ? At.WRONG : At.SIZE;
    }
    if (digits == 0) {
      return At.WRONG;
    }
    if (b == Ascii.CR) {
      return at == At.SIZE ? At.SIZE_LF : At.WRONG;
    }
    if (b == ';') {
      return extension(At.EXT_NAME_START);
    }
    return Ascii.isBlank(b) ? extension(At.SIZE_BLANK) : At.WRONG;
  }

  private At chunk() {
    digits = 0;
    return left == 0 ? At.TRAILER_START : At.DATA;
  }

  private At extension(At then) {
    return ++extensionBytes > limits.chunkExtensionBytesMax() ? At.WRONG : then;
  }

  private At extensionName(byte b) {
    if (Ascii.isToken(b) && at != At.EXT_NAME_BLANK) {
      return extension(At.EXT_NAME);
    }
    if (Ascii.isBlank(b)) {
      return extension(at == At.EXT_NAME_START ? at : At.EXT_NAME_BLANK);
    }
    if (at == At.EXT_NAME_START) {
      return At.WRONG;
    }
    if (b == '=') {
      return extension(At.EXT_VALUE_START);
    }
    return b == Ascii.CR && at == At.EXT_NAME_BLANK ? At.WRONG : extensionEnd(b);
  }

  private At extensionValue(byte b) {
    if (at == At.EXT_QUOTED) {
      At then = b == '"' ? At.EXT_VALUE_END : b == '\\' ? At.EXT_ESCAPE : At.EXT_QUOTED;
      return Ascii.isText(b) ? extension(then) : At.WRONG;
    }
    if (at == At.EXT_ESCAPE) {
      return Ascii.isText(b) ? extension(At.EXT_QUOTED) : At.WRONG;
    }
    if (Ascii.isBlank(b)) {
      return extension(at == At.EXT_VALUE_START ? at : At.EXT_VALUE_BLANK);
    }
    if (at == At.EXT_VALUE_START && b == '"') {
      return extension(At.EXT_QUOTED);
    }
    if (Ascii.isToken(b) && (at == At.EXT_VALUE_START || at == At.EXT_VALUE)) {
      return extension(At.EXT_VALUE);
    }
    boolean unfinished = at == At.EXT_VALUE_START || (at == At.EXT_VALUE_BLANK && b == Ascii.CR);
    return unfinished ? At.WRONG : extensionEnd(b);
  }

  private At extensionEnd(byte b) {
    if (b == ';') {
      return extension(At.EXT_NAME_START);
    }
    return b == Ascii.CR ? At.SIZE_LF : At.WRONG;
  }

  private At trailer(byte b) {
    if (++trailerBytes > limits.trailerBytesMax() + 2) { // and the empty line
      return At.WRONG;
    }
    return switch (at) {
      case TRAILER_START ->
          b == Ascii.CR ? At.LAST_LF : Ascii.isToken(b) ? At.TRAILER_NAME : At.WRONG;
      case TRAILER_NAME ->
          b == ':' ? At.TRAILER_VALUE : Ascii.isToken(b) ? At.TRAILER_NAME : At.WRONG;
      case TRAILER_VALUE ->
          b == Ascii.CR ? At.TRAILER_LF : Ascii.isText(b) ? At.TRAILER_VALUE : At.WRONG;
      case TRAILER_LF -> b == Ascii.LF ? At.TRAILER_START : At.WRONG;
      default -> b == Ascii.LF ? At.DONE : At.WRONG;
    };
  }
}
