package warmfront.routing.dns;

import java.util.List;

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
  private static final int KEY_IPV4_HINT = 4;
  private static final int KEY_IPV6_HINT = 6;

  final byte[] bytes = new byte[DnsLimits.REPLY_BYTES_MAX];
  private int at;
  private int limit;
  private int bodyAt;
  private int owner;
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
    owner = Query.HEADER_BYTES;
    if (query.questionEnd > 0) {
      at = query.copyQuestion(bytes, at);
    }
    bodyAt = at;
    limit = Math.min(bytesMax, bytes.length) - (query.extended ? OPT_BYTES + options(query) : 0);
  }

  private static int options(Query query) {
    return (query.subnet ? OPTION_HEAD_BYTES + query.subnetBytes() : 0)
        + (query.cookie ? OPTION_HEAD_BYTES + Cookies.BYTES : 0);
  }

  boolean truncated() {
    return truncated;
  }

  /** Says only that the client is to come back over TCP. */
  void truncate() {
    truncated = true;
  }

  /** Answers with the question's name's other name, which owns the answers that follow. */
  void answerAlias(RelativeName target, int zoneAt, int ttl) {
    if (start(RecordType.TYPE_CNAME, ttl, target.length())) {
      owner = at;
      at = target.copy(POINTER | zoneAt, bytes, at);
      answers++;
    }
  }

  /**
   * Answers with an address record for each address of a choice, or for as many as there is room
   * for; with none only if there is another name to go on with.
   *
   * @param turn which address to begin with if not all have room, any number
   */
  void answerChoice(Choice choice, int ttl, int turn) {
    int type = typeOf(choice.family());
    int width = choice.family().bytes();
    int room = Math.max(0, limit - at) / (RECORD_HEAD_BYTES + width);
    if (truncated || (room == 0 && owner == Query.HEADER_BYTES)) {
      truncated = true;
      return;
    }
    int size = choice.size();
    int first = room < size ? Integer.remainderUnsigned(turn, size) : 0;
    for (int i = 0; i < Math.min(room, size) && start(type, ttl, width); i++) {
      choice.copy((first + i) % size, bytes, at);
      at += width;
      answers++;
    }
  }

  /** Answers with an address record for each address of a set. */
  void answerAddresses(AddressSet set, int ttl) {
    int type = typeOf(set.family());
    for (int i = 0; i < set.size() && start(type, ttl, set.family().bytes()); i++) {
      set.copy(i, bytes, at);
      at += set.family().bytes();
      answers++;
    }
  }

  /**
   * Answers with an HTTPS record (RFC 9460).
   *
   * @param service its data without hints, which follow as far as there is room for all of them
   */
  void answerService(byte[] service, Choice ipv4, Choice ipv6, int ttl) {
    int hints = hintBytes(ipv4) + hintBytes(ipv6);
    if (at + RECORD_HEAD_BYTES + service.length + hints > limit) {
      answer(RecordType.TYPE_HTTPS, ttl, service);
      return;
    }
    if (start(RecordType.TYPE_HTTPS, ttl, service.length + hints)) {
      append(service);
      hint(KEY_IPV4_HINT, ipv4);
      hint(KEY_IPV6_HINT, ipv6);
      answers++;
    }
  }

  private static int hintBytes(Choice choice) {
    return choice.size() == 0 ? 0 : OPTION_HEAD_BYTES + choice.size() * choice.family().bytes();
  }

  private void hint(int key, Choice choice) {
    if (choice.size() == 0) {
      return;
    }
    u16(key);
    u16(choice.size() * choice.family().bytes());
    for (int i = 0; i < choice.size(); i++) {
      choice.copy(i, bytes, at);
      at += choice.family().bytes();
    }
  }

  /** Answers with an NS record. */
  void answerNameServer(RelativeName server, int zoneAt, int ttl) {
    if (start(RecordType.TYPE_NS, ttl, server.length())) {
      at = server.copy(POINTER | zoneAt, bytes, at);
      answers++;
    }
  }

  /** Answers with a record of any type whose data is ready. */
  void answer(int type, int ttl, byte[] data) {
    if (start(type, ttl, data.length)) {
      append(data);
      answers++;
    }
  }

  /** Answers with records of a type whose data is ready. */
  void answerAll(int type, int ttl, List<byte[]> data) {
    for (int i = 0; i < data.size(); i++) {
      answer(type, ttl, data.get(i));
    }
  }

  /** Answers with the SOA record. */
  void answerAuthority(ZoneRecords.Authority authority, int zoneAt, int ttl) {
    if (start(RecordType.TYPE_SOA, ttl, authority.length())) {
      append(authority, zoneAt);
      answers++;
    }
  }

  /** Says in the authority section who may say that there is nothing (RFC 2308). */
  void deny(ZoneRecords.Authority authority, int zoneAt, int ttl) {
    owner = zoneAt;
    if (start(RecordType.TYPE_SOA, ttl, authority.length())) {
      append(authority, zoneAt);
      authorities++;
    }
  }

  private void append(ZoneRecords.Authority authority, int zoneAt) {
    at = authority.primary().copy(POINTER | zoneAt, bytes, at);
    at = authority.mailbox().copy(POINTER | zoneAt, bytes, at);
    append(authority.numbers());
  }

  /** Adds addresses of another name as far as there is room; they are a courtesy. */
  void addAddresses(RelativeName name, int zoneAt, AddressSet set, int ttl) {
    int size = name.length() + RECORD_HEAD_BYTES - 2 + set.family().bytes();
    for (int i = 0; i < set.size() && !truncated && at + size <= limit; i++) {
      at = name.copy(POINTER | zoneAt, bytes, at);
      head(typeOf(set.family()), ttl, set.family().bytes());
      set.copy(i, bytes, at);
      at += set.family().bytes();
      additionals++;
    }
  }

  private static int typeOf(AddressFamily family) {
    return family == AddressFamily.IPV4 ? RecordType.TYPE_A : RecordType.TYPE_AAAA;
  }

  private boolean start(int type, int ttl, int dataBytes) {
    if (truncated || at + RECORD_HEAD_BYTES + dataBytes > limit) {
      truncated = true;
      return false;
    }
    u16(POINTER | owner);
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

  /** Ends the records; a truncated reply loses them, and what is said of them. */
  void endRecords() {
    if (truncated) {
      at = bodyAt;
      answers = 0;
      authorities = 0;
      additionals = 0;
    }
  }

  /**
   * Begins the OPT record (RFC 6891, 6.1.2 and 6.1.3); the DO bit comes back as it was (RFC 3225,
   * section 3).
   */
  void addOpt(Query query, ResponseCode code, int payloadBytes) {
    bytes[at++] = 0;
    u16(RecordType.TYPE_OPT);
    u16(payloadBytes);
    u16((code.number() >> 4) << 8); // then version 0
    u16(query.dnssecOk ? 0x8000 : 0);
    u16(options(query));
    additionals++;
  }

  /** Adds the client-subnet option to the OPT record. */
  void addSubnet(Query query, int scope) {
    u16(Query.OPTION_CLIENT_SUBNET);
    u16(query.subnetBytes());
    at = query.copySubnet(truncated ? 0 : scope, bytes, at);
  }

  /** Adds the head of a cookie to the OPT record; returns where its bytes are to be written. */
  int addCookie() {
    u16(Query.OPTION_COOKIE);
    u16(Cookies.BYTES);
    int cookie = at;
    at += Cookies.BYTES;
    return cookie;
  }

  /** Writes the header. Returns the reply's length, in bytes. */
  int end(Query query, ResponseCode code, boolean authoritative) {
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

  private void u16(int value) {
    bytes[at++] = (byte) (value >> 8);
    bytes[at++] = (byte) value;
  }
}
