package warmfront.routing.dns;

/**
 * A query as it was read (RFC 1035, section 4): strict, each step within bounds. Read again and
 * again into the same object; owned by one thread.
 */
final class Query {
  /** What is to be done with a message. */
  enum Verdict {
    ANSWERABLE,
    /** Get no reply at all: a fragment, or a reply, to which a reply might go on for ever. */
    SILENT,
    /** Get FORMERR. */
    MALFORMED,
    /** Gets NOTIMP: not a standard query. */
    UNKNOWN_OPERATION,
    /** Asks for nothing but a cookie (RFC 7873, section 5.4). */
    COOKIE_ALONE
  }

  static final int HEADER_BYTES = 12;
  private static final int RECORD_HEAD_BYTES = 10;
  private static final int OPTION_HEAD_BYTES = 4;
  static final int OPTION_CLIENT_SUBNET = 8;
  static final int OPTION_COOKIE = 10;
  private static final int SUBNET_HEAD_BYTES = 4;

  // RFC 7873, 4: a client's part of 8 bytes and a server's of 8 to 32.
  private static final int COOKIE_BYTES_MIN = 16;
  private static final int COOKIE_BYTES_MAX = 40;

  private final DnsLimits limits;
  private final Viewer viewer = new Viewer(Viewer.Origin.WITHHELD, AddressFamily.IPV4, 0);
  private byte[] message = {};
  private int length;
  private int at;

  final byte[] name = new byte[WireName.BYTES_MAX];
  int nameLength;
  int labels;
  int questionEnd;
  int type;
  int recordClass;

  boolean extended;
  int version;
  int payloadBytes;
  boolean dnssecOk;

  boolean subnet;
  private int subnetAt;
  private int subnetFamily;
  private int subnetSource;
  private long subnetBits;

  boolean cookie;
  int cookieAt;
  int cookieBytes;

  Query(DnsLimits limits) {
    this.limits = limits;
  }

  /** Reads a message, which must stay as it is until the reply is made. */
  Verdict read(byte[] bytes, int size) {
    message = bytes;
    length = size;
    questionEnd = 0;
    extended = false;
    subnet = false;
    cookie = false;
    if (size < HEADER_BYTES || (bytes[2] & 0x80) != 0) {
      return Verdict.SILENT;
    }
    if (operation() != 0) {
      return Verdict.UNKNOWN_OPERATION;
    }
    int questions = u16(4);
    int additional = u16(10);
    if (questions > 1
        || u16(6) != 0
        || u16(8) != 0
        || additional > limits.messages().additionalRecordsMax()) {
      return Verdict.MALFORMED;
    }
    at = HEADER_BYTES;
    boolean wellFormed = questions == 0 || readQuestion();
    for (int i = 0; wellFormed && i < additional; i++) {
      wellFormed = readAdditional();
    }
    if (!wellFormed || at != length) {
      return Verdict.MALFORMED;
    }
    if (questions == 1) {
      return Verdict.ANSWERABLE;
    }
    return cookie ? Verdict.COOKIE_ALONE : Verdict.MALFORMED;
  }

  /** Returns the message as it came; a cookie stands in it. */
  byte[] message() {
    return message;
  }

  /** Returns the message's length, in bytes. */
  int length() {
    return length;
  }

  int id() {
    return u16(0);
  }

  int operation() {
    return (message[2] >> 3) & 0xf;
  }

  boolean recursionDesired() {
    return (message[2] & 1) != 0;
  }

  /** Copies the question as it came, in the letters' case that the client chose. */
  int copyQuestion(byte[] to, int offset) {
    int bytes = questionEnd - HEADER_BYTES;
    System.arraycopy(message, HEADER_BYTES, to, offset, bytes);
    return offset + bytes;
  }

  private boolean readQuestion() {
    nameLength = 0;
    labels = -1;
    int label;
    do {
      if (at >= length) {
        return false;
      }
      label = message[at] & 0xff;
      // Nothing stands before the question that a pointer could point to.
      if (label > WireName.LABEL_BYTES_MAX
          || at + 1 + label > length
          || nameLength + 1 + label > WireName.BYTES_MAX) {
        return false;
      }
      name[nameLength++] = (byte) label;
      for (int i = 1; i <= label; i++) {
        name[nameLength++] = lower(message[at + i]);
      }
      at += 1 + label;
      labels++;
    } while (label != 0);
    if (at + 4 > length) {
      return false;
    }
    type = u16(at);
    recordClass = u16(at + 2);
    at += 4;
    questionEnd = at;
    return true;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }

  private boolean readAdditional() {
    int nameAt = at;
    if (!skipName() || at + RECORD_HEAD_BYTES > length) {
      return false;
    }
    int head = at;
    int dataBytes = u16(head + 8);
    at += RECORD_HEAD_BYTES;
    if (at + dataBytes > length) {
      return false;
    }
    if (u16(head) != RecordType.TYPE_OPT) {
      at += dataBytes;
      return true;
    }
    // RFC 6891, 6.1.1: one OPT record, of the root.
    if (extended || head - nameAt != 1) {
      return false;
    }
    extended = true;
    payloadBytes = u16(head + 2);
    version = message[head + 5] & 0xff;
    dnssecOk = (message[head + 6] & 0x80) != 0;
    return readOptions(at + dataBytes);
  }

  private boolean skipName() {
    int start = at;
    while (at < length && at - start < WireName.BYTES_MAX) {
      int label = message[at] & 0xff;
      if (label == 0) {
        at++;
        return true;
      }
      if ((label & 0xc0) == 0xc0) {
        // RFC 1035, 4.1.4: a pointer points to a prior name. We need not follow it.
        boolean prior = at + 2 <= length && (u16(at) & 0x3fff) < start;
        at += 2;
        return prior;
      }
      if (label > WireName.LABEL_BYTES_MAX) {
        return false;
      }
      at += 1 + label;
    }
    return false;
  }

  private boolean readOptions(int end) {
    if (version != 0) {
      at = end; // of a later version we do not know what its options look like
      return true;
    }
    for (int i = 0; at < end; i++) {
      if (i >= limits.messages().optionsMax() || at + OPTION_HEAD_BYTES > end) {
        return false;
      }
      int code = u16(at);
      int bytes = u16(at + 2);
      at += OPTION_HEAD_BYTES;
      if (at + bytes > end || !readOption(code, bytes)) {
        return false;
      }
      at += bytes;
    }
    return true;
  }

  private boolean readOption(int code, int bytes) {
    return switch (code) {
      case OPTION_CLIENT_SUBNET -> readSubnet(bytes);
      case OPTION_COOKIE -> readCookie(bytes);
      default -> true;
    };
  }

  /** Reads a cookie: of the first that is there, as RFC 7873, section 5.2, wants it. */
  private boolean readCookie(int bytes) {
    if (bytes != Cookies.CLIENT_BYTES && (bytes < COOKIE_BYTES_MIN || bytes > COOKIE_BYTES_MAX)) {
      return false;
    }
    if (!cookie) {
      cookie = true;
      cookieAt = at;
      cookieBytes = bytes;
    }
    return true;
  }

  /** Reads a client-subnet option by the rules of RFC 7871, section 6. */
  private boolean readSubnet(int bytes) {
    if (subnet || bytes < SUBNET_HEAD_BYTES) {
      return false;
    }
    subnetAt = at;
    subnetFamily = u16(at);
    subnetSource = message[at + 2] & 0xff;
    int scope = message[at + 3] & 0xff;
    int addressBytes = bytes - SUBNET_HEAD_BYTES;
    int bitsMax =
        switch (subnetFamily) {
          case 0 -> 0; // as dig says "+subnet=0": no family, no address
          case 1 -> 32;
          case 2 -> 128;
          default -> -1;
        };
    if (subnetSource > bitsMax || scope != 0 || addressBytes != (subnetSource + 7) / 8) {
      return false;
    }
    int spare = addressBytes * 8 - subnetSource;
    if (spare > 0 && (message[at + bytes - 1] & ((1 << spare) - 1)) != 0) {
      return false;
    }
    subnetBits = 0;
    for (int i = 0; i < Math.min(addressBytes, Long.BYTES); i++) {
      subnetBits |= (message[at + SUBNET_HEAD_BYTES + i] & 0xffL) << (56 - 8 * i);
    }
    subnet = true;
    return true;
  }

  /** Returns for whom the answer is to be; the same object each time. */
  Viewer viewer(Client resolver) {
    if (!subnet) {
      viewer.set(Viewer.Origin.RESOLVER, resolver.family(), resolver.high());
    } else if (subnetSource == 0) {
      viewer.set(Viewer.Origin.WITHHELD, AddressFamily.IPV4, 0);
    } else {
      AddressFamily family = subnetFamily == 1 ? AddressFamily.IPV4 : AddressFamily.IPV6;
      viewer.set(Viewer.Origin.CLIENT_SUBNET, family, subnetBits);
    }
    return viewer;
  }

  /** Returns the length of the client-subnet option's data, in bytes. */
  int subnetBytes() {
    return SUBNET_HEAD_BYTES + (subnetSource + 7) / 8;
  }

  /** Copies the client-subnet option's data as it came, with our scope (RFC 7871, 7.2.1). */
  int copySubnet(int scope, byte[] to, int offset) {
    System.arraycopy(message, subnetAt, to, offset, subnetBytes());
    to[offset + 3] = (byte) scope;
    return offset + subnetBytes();
  }

  private int u16(int offset) {
    return (message[offset] & 0xff) << 8 | (message[offset + 1] & 0xff);
  }
}
