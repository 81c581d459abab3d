package warmfront.routing.dns;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.routing.dns.DnsCounters.Transport;

/** From a query to a reply: the rules of an authoritative server. Owned by one thread. */
final class Responder {
  private static final int CLASS_IN = 1;

  /** {@code "RFC8482" ""}: what a question for all types is answered with (RFC 8482, 4.2). */
  private static final byte[] HOST_INFORMATION = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};

  private final Supplier<Zone> zones;
  private final DnsLimits limits;
  private final DnsCounters counters;
  private final Query query;
  private final Reply reply = new Reply();
  private final Choice choice = new Choice();

  Responder(Supplier<Zone> zones, DnsLimits limits, DnsCounters counters) {
    this.zones = zones;
    this.limits = limits;
    this.counters = counters;
    this.query = new Query(limits);
  }

  /** Returns the bytes of the last reply. */
  byte[] reply() {
    return reply.bytes;
  }

  /** Returns the length of the reply to a message, in bytes; 0 if it is to get none. */
  int respond(byte[] message, int length, Client client, Transport transport) {
    return switch (query.read(message, length)) {
      case SILENT -> {
        counters.silent.increment();
        yield 0;
      }
      case UNKNOWN_OPERATION -> refuse(ResponseCode.NOTIMP, transport);
      case MALFORMED -> refuse(ResponseCode.FORMERR, transport);
      case ANSWERABLE -> answer(client, transport);
    };
  }

  private int refuse(ResponseCode code, Transport transport) {
    reply.begin(query, bytesMax(transport));
    return end(code, false, 0, transport);
  }

  private int end(ResponseCode code, boolean authoritative, int scope, Transport transport) {
    counters.responded(code, transport);
    if (reply.truncated()) {
      counters.truncated.increment();
    }
    return reply.end(query, code, authoritative, scope, limits.udpReplyBytesMax());
  }

  private int bytesMax(Transport transport) {
    if (transport == Transport.TCP) {
      return DnsLimits.REPLY_BYTES_MAX;
    }
    if (!query.extended) {
      return DnsLimits.UDP_REPLY_BYTES_MIN;
    }
    // RFC 6891, 6.2.5: less than 512 is 512.
    int said = Math.max(query.payloadBytes, DnsLimits.UDP_REPLY_BYTES_MIN);
    return Math.min(said, limits.udpReplyBytesMax());
  }

  private int answer(Client client, Transport transport) {
    counters.asked(RecordType.of(query.type));
    if (query.extended && query.version != 0) {
      return refuse(ResponseCode.BADVERS, transport);
    }
    if (query.type == RecordType.TYPE_OPT) {
      return refuse(ResponseCode.FORMERR, transport);
    }
    Zone zone = zones.get();
    boolean transfer = query.type == RecordType.TYPE_AXFR || query.type == RecordType.TYPE_IXFR;
    if (query.recordClass != CLASS_IN
        || transfer
        || !zone.names().zone().endsIn(query.name, query.nameLength)) {
      return refuse(ResponseCode.REFUSED, transport);
    }
    if (query.type >= RecordType.META_FIRST && query.type <= RecordType.META_LAST) {
      return refuse(ResponseCode.NOTIMP, transport);
    }
    reply.begin(query, bytesMax(transport));
    return switch (zone.names().find(query.name, query.nameLength)) {
      case null -> unknown(zone, transport);
      case Names.Node.Apex apex -> answerApex(zone, apex, transport);
      case Names.Node.Fixed fixed ->
          answerFixed(zone, byFamily(fixed.a(), fixed.aaaa()), transport);
      case Names.Node.Between _ -> answerFixed(zone, null, transport);
      case Names.Node.Tailored tailored -> answerTailored(zone, tailored.site(), client, transport);
    };
  }

  private int unknown(Zone zone, Transport transport) {
    return zone.isComplete()
        ? nothing(zone, ResponseCode.NXDOMAIN, transport)
        : end(ResponseCode.SERVFAIL, false, 0, transport);
  }

  /** The name is not there, or has nothing of the type asked for: never tailored, so scope 0. */
  private int nothing(Zone zone, ResponseCode code, Transport transport) {
    ZoneRecords records = zone.records();
    int zoneAt = Query.HEADER_BYTES + query.nameLength - zone.names().zone().length();
    reply.deny(zoneAt, records.soa(), records.negativeTtl());
    return end(code, true, 0, transport);
  }

  private int answerApex(Zone zone, Names.Node.Apex apex, Transport transport) {
    return switch (query.type) {
      case RecordType.TYPE_NS -> answerNameServers(zone, transport);
      case RecordType.TYPE_SOA -> {
        reply.answerAuthority(zone.records().soa(), zone.records().delegationTtl());
        yield end(ResponseCode.NOERROR, true, 0, transport);
      }
      default -> answerFixed(zone, byFamily(apex.a(), apex.aaaa()), transport);
    };
  }

  private int answerNameServers(Zone zone, Transport transport) {
    int ttl = zone.records().delegationTtl();
    for (WireName server : zone.records().nameServers()) {
      reply.answerNameServer(server, ttl);
    }
    addGlue(zone);
    return end(ResponseCode.NOERROR, true, 0, transport);
  }

  private void addGlue(Zone zone) {
    byte[] name = new byte[WireName.BYTES_MAX];
    int ttl = zone.records().delegationTtl();
    for (WireName server : zone.records().nameServers()) {
      if (zone.names().find(name, server.copy(name, 0)) instanceof Names.Node.Fixed fixed) {
        reply.addAddresses(server, fixed.a(), ttl);
        reply.addAddresses(server, fixed.aaaa(), ttl);
      }
    }
  }

  private @Nullable AddressSet byFamily(AddressSet a, AddressSet aaaa) {
    return switch (query.type) {
      case RecordType.TYPE_A -> a;
      case RecordType.TYPE_AAAA -> aaaa;
      default -> null;
    };
  }

  private int answerFixed(Zone zone, @Nullable AddressSet set, Transport transport) {
    int ttl = zone.records().delegationTtl();
    if (set != null && !set.isEmpty()) {
      reply.answerAddresses(set, ttl);
      return end(ResponseCode.NOERROR, true, 0, transport);
    }
    return answerAllOrNothing(zone, transport);
  }

  private int answerAllOrNothing(Zone zone, Transport transport) {
    if (query.type != RecordType.TYPE_ANY) {
      return nothing(zone, ResponseCode.NOERROR, transport);
    }
    reply.answerHostInformation(HOST_INFORMATION, zone.records().delegationTtl());
    return end(ResponseCode.NOERROR, true, 0, transport);
  }

  private int answerTailored(Zone zone, int site, Client client, Transport transport) {
    return switch (query.type) {
      case RecordType.TYPE_A -> choose(zone, site, client, AddressFamily.IPV4, transport);
      case RecordType.TYPE_AAAA -> choose(zone, site, client, AddressFamily.IPV6, transport);
      default -> answerAllOrNothing(zone, transport);
    };
  }

  private int choose(
      Zone zone, int site, Client client, AddressFamily family, Transport transport) {
    zone.steering().choose(site, query.viewer(client), family, choice);
    return switch (choice.outcome()) {
      case CHOSEN -> {
        reply.answerChoice(choice, zone.records().addressTtl());
        yield end(ResponseCode.NOERROR, true, choice.scope(), transport);
      }
      case NO_SUCH_FAMILY -> nothing(zone, ResponseCode.NOERROR, transport);
      case NO_SERVER -> end(ResponseCode.SERVFAIL, true, 0, transport);
    };
  }
}
