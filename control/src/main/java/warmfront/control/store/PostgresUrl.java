package warmfront.control.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/**
 * Where a PostgreSQL is, as an operator writes it: {@code
 * postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?option=value}. Of several hosts the one
 * that takes writes is used, so a standby that is promoted is found. Options are those of the JDBC
 * driver.
 *
 * @param user who connects; empty for the operating system's user
 * @param password empty if there is none
 * @param hosts one or more, in the order in which they are tried
 * @param database its name
 * @param options of the driver, checked by name
 */
public record PostgresUrl(
    Optional<String> user,
    Optional<String> password,
    List<Host> hosts,
    String database,
    Map<String, String> options) {
  /** How every such URL begins. */
  public static final String SCHEME = "postgresql://";

  private static final int HOSTS_MAX = 16;
  private static final int PORT = 5432;
  private static final String PRIMARY = "primary";
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

  /**
   * A server.
   *
   * @param name a name or an address, of IPv6 in brackets
   * @param port 1 to 65535
   */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  public PostgresUrl {
    hosts = List.copyOf(hosts);
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it is not right; says why, without the password
   */
  public static PostgresUrl parse(String text) {
    if (!text.startsWith(SCHEME)) {
      throw wrong("it begins otherwise");
    }
    String rest = text.substring(SCHEME.length());
    int question = rest.indexOf('?');
    String place = question < 0 ? rest : rest.substring(0, question);
    int at = place.lastIndexOf('@');
    int slash = place.indexOf('/', at + 1);
    String database = slash < 0 ? "" : decoded(place.substring(slash + 1));
    if (database.isEmpty()) {
      throw wrong("there is no /DATABASE at its end");
    }
    String login = at < 0 ? "" : place.substring(0, at);
    int colon = login.indexOf(':');
    return new PostgresUrl(
        Optional.of(decoded(colon < 0 ? login : login.substring(0, colon)))
            .filter(name -> !name.isEmpty()),
        colon < 0 ? Optional.empty() : Optional.of(decoded(login.substring(colon + 1))),
        hosts(place.substring(at + 1, slash)),
        database,
        options(question < 0 ? "" : rest.substring(question + 1)));
  }

  private static List<Host> hosts(String text) {
    List<Host> hosts = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher host = HOST.matcher(one);
      if (!host.matches()) {
        throw wrong("hosts are HOST or HOST:PORT with commas between");
      }
      int port = host.group(2) == null ? PORT : Integer.parseInt(host.group(2));
      if (port < 1 || port > 65_535) {
        throw wrong("a port is 1 to 65535: " + port);
      }
      hosts.add(new Host(host.group(1), port));
    }
    if (hosts.size() > HOSTS_MAX) {
      throw wrong("%d hosts at most are tried".formatted(HOSTS_MAX));
    }
    return hosts;
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new TreeMap<>();
    for (String pair : query.isEmpty() ? List.<String>of() : List.of(query.split("&", -1))) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      if (PGProperty.forName(name) == null) {
        throw wrong("the driver knows no option " + name);
      }
      if (name.equals("user") || name.equals("password")) {
        throw wrong("user and password stand before the hosts, as USER:PASSWORD@");
      }
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (name.equals("targetServerType") && !value.equals(PRIMARY)) {
        throw wrong("targetServerType is " + PRIMARY + ", for control writes");
      }
      if (options.put(name, value) != null) {
        throw wrong("the option %s is given twice".formatted(name));
      }
    }
    options.put("targetServerType", PRIMARY);
    return options;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw wrong("a percent sign is not followed by two digits");
    }
  }

  private static IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "expected postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE; " + why);
  }

  /** Returns it without who connects and without options, which may be secrets. */
  @Override
  public String toString() {
    return SCHEME
        + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
        + "/"
        + database;
  }
}
