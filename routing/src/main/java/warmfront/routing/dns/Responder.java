package warmfront.routing.dns;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import warmfront.routing.dns.DnsCounters.Transport;

/**
 * From a query to a reply: the rules of an authoritative server. Makes no garbage; owned by one
 * thread.
 */
final class Responder {
  private static final int CLASS_IN = 1;
  private static final int HUNDRED = 100;

  /** {@code "RFC8482" ""}: what a question for all types is answered with (RFC 8482, 4.2). */
  private static final byte[] HOST_INFORMATION = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};

  private final Shared shared;
  private final DnsLimits limits;
  private final DnsCounters counters;
  private final Query query;
  private final Cookies cookies;
  private final Reply reply = new Reply();
  private final byte[] ownName = new byte[WireName.BYTES_MAX];
  private final Choice choice = new Choice();
  private final Choice hints = new Choice();

  private int second;
  private int wallSeconds;

  private Client client = new Client();
  private Transport transport = Transport.UDP;
  private boolean cookieProven;
  private int zoneAt;

  Responder(Shared shared) {
    this.shared = shared;
    this.limits = shared.limits();
    this.counters = shared.counters();
    this.query = new Query(limits);
    this.cookies = new Cookies(shared.secret()::keys);
    readClock();
  }

  /** Reads the clock; to be called before each few queries that came together. */
  void readClock() {
    second = (int) TimeUnit.NANOSECONDS.toSeconds(shared.clock().nanos());
    wallSeconds = (int) TimeUnit.MILLISECONDS.toSeconds(shared.clock().millis());
  }

  /** Returns the bytes of the last reply. */
  byte[] reply() {
    return reply.bytes;
  }

  /** Returns the length of the reply to a message, in bytes; 0 if it is to get none. */
  int respond(byte[] message, int length, Client from, Transport over) {
    client = from;
    transport = over;
    Query.Verdict verdict = query.read(message, length);
    if (verdict == Query.Verdict.SILENT) {
      counters.silent.increment();
      return 0;
    }
    cookieProven =
        query.cookie
            && cookies.prove(message, query.cookieAt, query.cookieBytes, from, wallSeconds);
    if (!isProven() && !from.isLoopback()) {
      RateLimit.Verdict rated = shared.rate().take(from, second);
      if (rated != RateLimit.Verdict.SENT) {
        return limit(verdict, rated);
      }
    }
    return switch (verdict) {
      case SILENT -> 0;
      case UNKNOWN_OPERATION -> refuse(ResponseCode.NOTIMP);
      case MALFORMED -> refuse(ResponseCode.FORMERR);
      case COOKIE_ALONE -> refuse(ResponseCode.NOERROR);
      case ANSWERABLE -> answer();
    };
  }

  /** Returns whether the client has shown that its address is its own. */
  private boolean isProven() {
    return cookieProven || transport == Transport.TCP;
  }

  /** A client beyond the rate is told at times to prove its address, and else nothing. */
  private int limit(Query.Verdict verdict, RateLimit.Verdict rated) {
    if (rated == RateLimit.Verdict.DROPPED || verdict != Query.Verdict.ANSWERABLE) {
      counters.dropped.increment();
      return 0;
    }
    counters.slipped.increment();
    reply.begin(query, bytesMax());
    if (query.cookie) {
      return end(ResponseCode.BADCOOKIE, false, 0); // RFC 7873, 5.2.3
    }
    reply.truncate();
    return end(ResponseCode.NOERROR, false, 0);
  }

  private int refuse(ResponseCode code) {
    reply.begin(query, bytesMax());
    return end(code, false, 0);
  }

  private int end(ResponseCode code, boolean authoritative, int scope) {
    counters.responded(code, transport);
    if (reply.truncated()) {
      counters.truncated.increment();
    }
    reply.endRecords();
    if (query.extended) {
      reply.addOpt(query, code, limits.messages().udpReplyBytesMax());
      if (query.subnet) {
        reply.addSubnet(query, scope);
      }
      if (query.cookie) {
        byte[] message = query.message();
        int at = reply.addCookie();
        cookies.write(message, query.cookieAt, cookieProven, client, wallSeconds, reply.bytes, at);
      }
    }
    return reply.end(query, code, authoritative);
  }

  private int bytesMax() {
    if (transport == Transport.TCP) {
      return DnsLimits.REPLY_BYTES_MAX;
    }
    int taken = DnsLimits.UDP_REPLY_BYTES_MIN;
    if (query.extended) {
      // RFC 6891, 6.2.5: less than 512 is 512.
      taken = Math.clamp(query.payloadBytes, taken, limits.messages().udpReplyBytesMax());
    }
    return isProven()
        ? taken
        : Math.min(taken, query.length() * limits.unproven().replyPercentMax() / HUNDRED);
  }

  private int answer() {
    counters.asked(RecordType.of(query.type));
    if (query.extended && query.version != 0) {
      return refuse(ResponseCode.BADVERS);
    }
    if (query.type == RecordType.TYPE_OPT) {
      return refuse(ResponseCode.FORMERR);
    }
    Zone zone = shared.zones().get();
    WireName name = zone.names().zone();
    boolean transfer = query.type == RecordType.TYPE_AXFR || query.type == RecordType.TYPE_IXFR;
    if (query.recordClass != CLASS_IN || transfer || !name.endsIn(query.name, query.nameLength)) {
      return refuse(ResponseCode.REFUSED);
    }
    if (query.type >= RecordType.META_FIRST && query.type <= RecordType.META_LAST) {
      return refuse(ResponseCode.NOTIMP);
    }
    zoneAt = Query.HEADER_BYTES + query.nameLength - name.length();
    reply.begin(query, bytesMax());
    Names names = zone.names();
    Names.Node node = names.find(query.name, query.nameLength);
    // Nobody's alias takes a name that another has at a place.
    if (node == null || node instanceof Names.Node.Between || node instanceof Names.Node.Alias) {
      Names.Node.Tailored there = names.findAtPlace(query.name, query.nameLength, ownName);
      if (there != null) {
        return answerTailored(zone, there.site(), names.place(query.name));
      }
    }
    if (node == null) {
      node = names.findWildcard(query.name, query.nameLength, query.labels);
    }
    return switch (node) {
      case null -> unknown(zone);
      case Names.Node.Apex apex -> answerApex(zone, apex);
      case Names.Node.Fixed fixed -> answerFixed(zone, byFamily(fixed.a(), fixed.aaaa()));
      case Names.Node.Text text -> answerTexts(zone, text.texts());
      case Names.Node.Between _ -> nothing(zone, ResponseCode.NOERROR);
      case Names.Node.Tailored tailored -> answerTailored(zone, tailored.site(), Steering.ANYWHERE);
      case Names.Node.Homed homed -> answerHomed(zone, homed.site());
      case Names.Node.Alias alias -> answerAlias(zone, alias);
    };
  }

  private int unknown(Zone zone) {
    return zone.isComplete()
        ? nothing(zone, ResponseCode.NXDOMAIN)
        : end(ResponseCode.SERVFAIL, false, 0);
  }

  /** The name is not there, or has nothing of the type asked for: never tailored, so scope 0. */
  private int nothing(Zone zone, ResponseCode code) {
    ZoneRecords records = zone.records();
    reply.deny(records.authority(), zoneAt, records.negativeTtl());
    return end(code, true, 0);
  }

  private int answerApex(Zone zone, Names.Node.Apex apex) {
    ZoneRecords records = zone.records();
    switch (query.type) {
      case RecordType.TYPE_NS -> answerNameServers(records);
      case RecordType.TYPE_SOA ->
          reply.answerAuthority(records.authority(), zoneAt, records.delegationTtl());
      case RecordType.TYPE_CAA -> {
        return answerAll(zone, RecordType.TYPE_CAA, records.issuers());
      }
      default -> {
        return answerFixed(zone, byFamily(apex.a(), apex.aaaa()));
      }
    }
    return end(ResponseCode.NOERROR, true, 0);
  }

  private void answerNameServers(ZoneRecords records) {
    int ttl = records.delegationTtl();
    List<ZoneRecords.NameServer> servers = records.nameServers();
    for (int i = 0; i < servers.size(); i++) {
      reply.answerNameServer(servers.get(i).name(), zoneAt, ttl);
    }
    for (int i = 0; i < servers.size(); i++) {
      ZoneRecords.NameServer server = servers.get(i);
      reply.addAddresses(server.name(), zoneAt, server.a(), ttl);
      reply.addAddresses(server.name(), zoneAt, server.aaaa(), ttl);
    }
  }

  private @Nullable AddressSet byFamily(AddressSet a, AddressSet aaaa) {
    return switch (query.type) {
      case RecordType.TYPE_A -> a;
      case RecordType.TYPE_AAAA -> aaaa;
      default -> null;
    };
  }

  private int answerFixed(Zone zone, @Nullable AddressSet set) {
    if (set == null || set.isEmpty()) {
      return answerAnyOrNothing(zone);
    }
    reply.answerAddresses(set, zone.records().delegationTtl());
    return end(ResponseCode.NOERROR, true, 0);
  }

  private int answerTexts(Zone zone, List<byte[]> texts) {
    return query.type == RecordType.TYPE_TXT
        ? answerAll(zone, RecordType.TYPE_TXT, texts)
        : answerAnyOrNothing(zone);
  }

  private int answerAll(Zone zone, int type, List<byte[]> data) {
    if (data.isEmpty()) {
      return nothing(zone, ResponseCode.NOERROR);
    }
    // What proves something to a certificate authority, or forbids it, is to change at once.
    reply.answerAll(type, zone.records().negativeTtl(), data);
    return end(ResponseCode.NOERROR, true, 0);
  }

  private int answerAnyOrNothing(Zone zone) {
    if (query.type != RecordType.TYPE_ANY) {
      return nothing(zone, ResponseCode.NOERROR);
    }
    reply.answer(RecordType.TYPE_HINFO, zone.records().delegationTtl(), HOST_INFORMATION);
    return end(ResponseCode.NOERROR, true, 0);
  }

  /** One whose target is yet to come has nothing until then. */
  private int answerAlias(Zone zone, Names.Node.Alias alias) {
    int length = alias.target().copy(ownName, 0);
    if (!(zone.names().find(ownName, length) instanceof Names.Node.Tailored target)) {
      return nothing(zone, ResponseCode.NOERROR);
    }
    reply.answerAlias(alias.written(), zoneAt, zone.records().addressTtl());
    // RFC 8482, 4.1: of all that there is, one set of records is enough.
    boolean whole = query.type == RecordType.TYPE_CNAME || query.type == RecordType.TYPE_ANY;
    return whole || reply.truncated()
        ? end(ResponseCode.NOERROR, true, 0)
        : answerTailored(zone, target.site(), Steering.ANYWHERE);
  }

  private int answerTailored(Zone zone, Site site, int place) {
    return switch (query.type) {
      case RecordType.TYPE_A -> choose(zone, site, place, AddressFamily.IPV4);
      case RecordType.TYPE_AAAA -> choose(zone, site, place, AddressFamily.IPV6);
      case RecordType.TYPE_HTTPS -> answerService(zone, site, place);
      default -> answerAnyOrNothing(zone);
    };
  }

  private int answerHomed(Zone zone, Site site) {
    return switch (query.type) {
      case RecordType.TYPE_A -> choose(zone, site, Steering.ANYWHERE, AddressFamily.IPV4);
      case RecordType.TYPE_AAAA -> choose(zone, site, Steering.ANYWHERE, AddressFamily.IPV6);
      default -> answerAnyOrNothing(zone);
    };
  }

  private int choose(Zone zone, Site site, int place, AddressFamily family) {
    Viewer viewer = query.viewer(client);
    zone.steering().choose(site, place, viewer, family, choice);
    return switch (choice.outcome()) {
      case CHOSEN -> {
        reply.answerChoice(choice, choice.ttl(zone.records().addressTtl()), turn(viewer));
        yield end(ResponseCode.NOERROR, true, choice.scope());
      }
      case NO_SUCH_FAMILY -> nothing(zone, ResponseCode.NOERROR);
      case NO_SERVER -> end(ResponseCode.SERVFAIL, true, 0);
    };
  }

  /** Returns a number that is the same for all viewers of the choice's scope. */
  private int turn(Viewer viewer) {
    long range = choice.scope() == 0 ? 0 : viewer.bits() & (-1L << (Long.SIZE - choice.scope()));
    return (int) (((range ^ (range >>> Integer.SIZE)) * 0x9e3779b97f4a7c15L) >>> Integer.SIZE);
  }

  /**
   * The hints are of the same choice as the addresses: so is the scope, whether they fit or not.
   */
  private int answerService(Zone zone, Site site, int place) {
    byte[] service = zone.service(site);
    if (service.length == 0) {
      return nothing(zone, ResponseCode.NOERROR);
    }
    Viewer viewer = query.viewer(client);
    zone.steering().choose(site, place, viewer, AddressFamily.IPV4, choice);
    zone.steering().choose(site, place, viewer, AddressFamily.IPV6, hints);
    if (choice.outcome() == Choice.Outcome.NO_SERVER) {
      return end(ResponseCode.SERVFAIL, true, 0);
    }
    int ttl = hints.ttl(choice.ttl(zone.records().addressTtl()));
    reply.answerService(service, choice, hints, ttl);
    return end(ResponseCode.NOERROR, true, Math.max(choice.scope(), hints.scope()));
  }
}
