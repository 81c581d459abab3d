package warmfront.routing.dns;

/**
 * A reply in the making. Used again and again; owned by one thread. A record that does not fit
 * truncates the reply: what was written of it goes, and the client comes back over TCP.
 */
final class Reply {
  private static final int RECORD_HEAD_BYTES = 12;
  private static final int OPT_BYTES = 11;
  private static final int OPTION_HEAD_BYTES = 4;
  private static final int CLASS_IN = 1;
  private static final int POINTER = 0xc000;

  final byte[] bytes = new byte[DnsLimits.REPLY_BYTES_MAX];
  private int at;
  private int limit;
  private int bodyAt;
  private int answers;
  private int authorities;
  private int additionals;
  private boolean truncated;

  /** Begins a reply of at most {@code bytesMax} bytes, with the question if it could be read. */
  void begin(Query query, int bytesMax) {
    answers = 0;
    authorities = 0;
    additionals = 0;
    truncated = false;
    at = Query.HEADER_BYTES;
    if (query.questionEnd > 0) {
      at = query.copyQuestion(bytes, at);
    }
    bodyAt = at;
    int opt = query.extended ? OPT_BYTES : 0;
    int subnet = query.subnet ? OPTION_HEAD_BYTES + query.subnetBytes() : 0;
    limit = Math.min(bytesMax, bytes.length) - opt - subnet;
  }

  boolean truncated() {
    return truncated;
  }

  /** Answers with an address record for each address of a set. */
  void answerAddresses(AddressSet set, int ttl) {
    int type = typeOf(set.family());
    for (int i = 0; i < set.size(); i++) {
      if (!start(Query.HEADER_BYTES, type, ttl, set.family().bytes())) {
        return;
      }
      set.copy(i, bytes, at);
      at += set.family().bytes();
      answers++;
    }
  }

  /** Answers with an address record for each address of a choice. */
  void answerChoice(Choice choice, int ttl) {
    int type = typeOf(choice.family());
    for (int i = 0; i < choice.size(); i++) {
      if (!start(Query.HEADER_BYTES, type, ttl, choice.family().bytes())) {
        return;
      }
      choice.copy(i, bytes, at);
      at += choice.family().bytes();
      answers++;
    }
  }

  /** Answers with an NS record of the question's name. */
  void answerNameServer(WireName server, int ttl) {
    if (start(Query.HEADER_BYTES, RecordType.TYPE_NS, ttl, server.length())) {
      at = server.copy(bytes, at);
      answers++;
    }
  }

  /** Answers with the question's name's only record that a question for all is worth (RFC 8482). */
  void answerHostInformation(byte[] data, int ttl) {
    if (start(Query.HEADER_BYTES, RecordType.TYPE_HINFO, ttl, data.length)) {
      append(data);
      answers++;
    }
  }

  /** Answers with the SOA record of the question's name. */
  void answerAuthority(byte[] data, int ttl) {
    if (start(Query.HEADER_BYTES, RecordType.TYPE_SOA, ttl, data.length)) {
      append(data);
      answers++;
    }
  }

  /** Says in the authority section who may say that there is nothing (RFC 2308). */
  void deny(int zoneAt, byte[] data, int ttl) {
    if (start(zoneAt, RecordType.TYPE_SOA, ttl, data.length)) {
      append(data);
      authorities++;
    }
  }

  /** Adds addresses of another name as far as there is room; they are a courtesy. */
  void addAddresses(WireName name, AddressSet set, int ttl) {
    int size = name.length() + RECORD_HEAD_BYTES - 2 + set.family().bytes();
    for (int i = 0; i < set.size() && !truncated && at + size <= limit; i++) {
      at = name.copy(bytes, at);
      head(typeOf(set.family()), ttl, set.family().bytes());
      set.copy(i, bytes, at);
      at += set.family().bytes();
      additionals++;
    }
  }

  private static int typeOf(AddressFamily family) {
    return family == AddressFamily.IPV4 ? RecordType.TYPE_A : RecordType.TYPE_AAAA;
  }

  private boolean start(int nameAt, int type, int ttl, int dataBytes) {
    if (truncated || at + RECORD_HEAD_BYTES + dataBytes > limit) {
      truncated = true;
      return false;
    }
    u16(POINTER | nameAt);
    head(type, ttl, dataBytes);
    return true;
  }

  private void head(int type, int ttl, int dataBytes) {
    u16(type);
    u16(CLASS_IN);
    u16(ttl >>> 16);
    u16(ttl);
    u16(dataBytes);
  }

  private void append(byte[] data) {
    System.arraycopy(data, 0, bytes, at, data.length);
    at += data.length;
  }

  /**
   * Ends the reply.
   *
   * @param scope for the client-subnet option, if the query had one
   * @return the reply's length, in bytes
   */
  int end(Query query, ResponseCode code, boolean authoritative, int scope, int payloadBytes) {
    if (truncated) {
      at = bodyAt;
      answers = 0;
      authorities = 0;
      additionals = 0;
    }
    if (query.extended) {
      opt(query, code, truncated ? 0 : scope, payloadBytes);
    }
    int size = at;
    at = 0;
    u16(query.id());
    int flags = 0x8000 | query.operation() << 11 | (query.recursionDesired() ? 0x100 : 0);
    u16(flags | (authoritative ? 0x400 : 0) | (truncated ? 0x200 : 0) | (code.number() & 0xf));
    u16(query.questionEnd > 0 ? 1 : 0);
    u16(answers);
    u16(authorities);
    u16(additionals);
    return size;
  }

  /** RFC 6891, 6.1.2 and 6.1.3; the DO bit comes back as it was (RFC 3225, section 3). */
  private void opt(Query query, ResponseCode code, int scope, int payloadBytes) {
    bytes[at++] = 0;
    u16(RecordType.TYPE_OPT);
    u16(payloadBytes);
    u16((code.number() >> 4) << 8); // then version 0
    u16(query.dnssecOk ? 0x8000 : 0);
    u16(query.subnet ? OPTION_HEAD_BYTES + query.subnetBytes() : 0);
    if (query.subnet) {
      u16(8);
      u16(query.subnetBytes());
      at = query.copySubnet(scope, bytes, at);
    }
    additionals++;
  }

  private void u16(int value) {
    bytes[at++] = (byte) (value >> 8);
    bytes[at++] = (byte) value;
  }
}
