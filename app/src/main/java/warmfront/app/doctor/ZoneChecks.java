package warmfront.app.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import warmfront.app.config.Config;

/**
 * Whether resolvers find the zone: its parent delegates it to the configured DNS servers, with glue
 * for those within it (RFC 1034, section 4.2.1), and each of them answers, over UDP and TCP.
 */
final class ZoneChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Config.Zone zone;
  private final InetSocketAddress resolver;
  private final int port;

  /**
   * Makes checks of a zone.
   *
   * @param resolver a caching resolver that knows the zone's parents
   * @param port where DNS servers are asked: 53
   */
  ZoneChecks(Config.Zone zone, InetSocketAddress resolver, int port) {
    this.zone = zone;
    this.resolver = resolver;
    this.port = port;
  }

  /** What a delegation is made of: names of DNS servers, each with its addresses. */
  private record Servers(TreeMap<Name, Set<InetAddress>> addresses) {
    Servers() {
      this(new TreeMap<>());
    }

    void add(Record record) {
      if (record instanceof NSRecord server) {
        addresses.computeIfAbsent(server.getTarget(), _ -> new HashSet<>());
      }
    }

    void addAddress(Record record) {
      Set<InetAddress> own = addresses.get(record.getName());
      if (own != null) {
        switch (record) {
          case ARecord a -> own.add(a.getAddress());
          case AAAARecord aaaa -> own.add(aaaa.getAddress());
          default -> {}
        }
      }
    }
  }

  List<Finding> examine() {
    if (zone.name().equals("localhost") || zone.name().endsWith(".localhost")) {
      return List.of(
          Finding.note(
              "zone %s is known to this machine alone (RFC 6761): there is nothing to delegate",
              zone.name()));
    }
    List<Finding> found = new ArrayList<>();
    try {
      Name name = Name.fromString(zone.name(), Name.root);
      Servers wanted = wanted();
      delegation(name, wanted, found);
      wanted.addresses().forEach((server, addresses) -> servers(name, server, addresses, found));
    } catch (TextParseException malformed) {
      found.add(Finding.wrong("zone %s is not a domain name: %s", zone.name(), malformed));
    }
    return found;
  }

  private Servers wanted() throws TextParseException {
    Servers servers = new Servers();
    for (Config.NameServer server : zone.nameServers()) {
      servers
          .addresses()
          .put(
              Name.fromString(server.name(), Name.root),
              server.addresses().stream().map(InetAddress::ofLiteral).collect(Collectors.toSet()));
    }
    return servers;
  }

  private void delegation(Name name, Servers wanted, List<Finding> found) {
    List<InetAddress> parents = new ArrayList<>();
    Name parent = parent(name, parents);
    if (parents.isEmpty()) {
      found.add(
          Finding.wrong(
              "no parent of %s is found by the resolver %s",
              zone.name(), resolver.getHostString()));
      return;
    }
    IOException last = new IOException("not asked");
    for (InetAddress address : parents) {
      try {
        compare(parent, name, referral(address, name), wanted, found);
        return;
      } catch (IOException silent) {
        last = silent;
      }
    }
    found.add(Finding.wrong("the servers of %s do not say who serves %s: %s", parent, name, last));
  }

  /** Goes up from a name to the next zone, and collects the addresses of its servers. */
  private Name parent(Name name, List<InetAddress> addresses) {
    for (Name up = new Name(name, 1); up.labels() >= 1; up = new Name(up, 1)) {
      try {
        for (Record record : ask(resolver, up, Type.NS, false).getSection(Section.ANSWER)) {
          if (record instanceof NSRecord server) {
            ask(resolver, server.getTarget(), Type.A, false).getSection(Section.ANSWER).stream()
                .filter(ARecord.class::isInstance)
                .forEach(a -> addresses.add(((ARecord) a).getAddress()));
          }
        }
      } catch (IOException unknown) {
        // Perhaps the next one up is known.
      }
      if (!addresses.isEmpty() || up.labels() == 1) {
        return up;
      }
    }
    return Name.root;
  }

  private Servers referral(InetAddress parent, Name name) throws IOException {
    Message answer = ask(new InetSocketAddress(parent, port), name, Type.NS, false);
    Servers servers = new Servers();
    answer.getSection(Section.ANSWER).forEach(servers::add);
    answer.getSection(Section.AUTHORITY).forEach(servers::add);
    answer.getSection(Section.ADDITIONAL).forEach(servers::addAddress);
    return servers;
  }

  private void compare(Name parent, Name name, Servers said, Servers wanted, List<Finding> found) {
    int before = found.size();
    if (said.addresses().isEmpty()) {
      found.add(
          Finding.wrong("%s does not delegate %s; add to it:%s", parent, name, lines(wanted)));
      return;
    }
    Set<Name> missing = new TreeSet<>(wanted.addresses().keySet());
    missing.removeAll(said.addresses().keySet());
    Set<Name> strange = new TreeSet<>(said.addresses().keySet());
    strange.removeAll(wanted.addresses().keySet());
    if (!missing.isEmpty()) {
      found.add(
          Finding.wrong(
              "%s does not delegate %s to %s; it should have:%s",
              parent, name, missing, lines(wanted)));
    }
    if (!strange.isEmpty()) {
      found.add(
          Finding.wrong(
              "%s delegates %s to %s, which zone.nameServers does not have",
              parent, name, strange));
    }
    wanted
        .addresses()
        .forEach((server, addresses) -> {
          Set<InetAddress> glue = said.addresses().get(server);
          if (glue != null && server.subdomain(name) && !glue.equals(addresses)) {
            found.add(
                Finding.wrong(
                    "the glue of %s in %s is %s, not %s",
                    server, parent, text(glue), text(addresses)));
          }
        });
    if (found.size() == before) {
      found.add(Finding.ok("%s delegates %s to %s", parent, name, wanted.addresses().keySet()));
    }
  }

  private static String lines(Servers wanted) {
    StringBuilder lines = new StringBuilder();
    wanted
        .addresses()
        .forEach((server, addresses) -> {
          lines.append("\n         NS ").append(server);
          for (InetAddress address : addresses) {
            String type = address.getAddress().length == 4 ? "A" : "AAAA";
            lines.append("\n         %s %s %s".formatted(server, type, address.getHostAddress()));
          }
        });
    return lines.toString();
  }

  private static Set<String> text(Set<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.toSet());
  }

  private void servers(Name name, Name server, Set<InetAddress> addresses, List<Finding> found) {
    for (InetAddress address : addresses) {
      for (boolean tcp : new boolean[] {false, true}) {
        String where =
            "%s (%s, %s)".formatted(server, address.getHostAddress(), tcp ? "TCP" : "UDP");
        try {
          found.add(judged(where, ask(new InetSocketAddress(address, port), name, Type.SOA, tcp)));
        } catch (IOException silent) {
          found.add(
              Finding.wrong(
                  "DNS server %s does not answer at port %d: is it running, and does a firewall"
                      + " stand before it?",
                  where, port));
        }
      }
    }
  }

  private static Finding judged(String where, Message answer) {
    boolean sure = answer.getHeader().getFlag(Flags.AA);
    return answer.getSection(Section.ANSWER).stream()
        .filter(SOARecord.class::isInstance)
        .map(record -> ((SOARecord) record).getSerial())
        .findFirst()
        .filter(_ -> sure)
        .map(serial -> Finding.ok("DNS server %s answers, serial %d", where, serial))
        .orElseGet(() ->
            Finding.wrong(
                "DNS server %s does not serve the zone: it says %s",
                where, Rcode.string(answer.getRcode())));
  }

  private static Message ask(InetSocketAddress server, Name name, int type, boolean tcp)
      throws IOException {
    SimpleResolver asking = new SimpleResolver(server);
    asking.setTimeout(PATIENCE);
    asking.setTCP(tcp);
    return asking.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
  }
}
