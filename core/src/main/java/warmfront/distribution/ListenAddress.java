package warmfront.distribution;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server of the fleet listens, written {@code http://127.0.0.2:8080} or {@code
 * dns://[::1]:53}.
 *
 * @param scheme what is spoken there
 * @param address an IP address, never a name: a server starts without any resolver
 * @param port 1 to 65535
 */
public record ListenAddress(Scheme scheme, InetAddress address, int port) {
  /** What is spoken. */
  public enum Scheme {
    HTTP(Server.Role.EDGE),
    HTTPS(Server.Role.EDGE),
    PEER(Server.Role.EDGE),
    RTMP(Server.Role.EDGE),
    LIVE(Server.Role.EDGE),
    DNS(Server.Role.ROUTING),
    HEARTBEAT(Server.Role.ROUTING);

    private final Server.Role role;

    Scheme(Server.Role role) {
      this.role = role;
    }

    /** Returns which servers speak it. */
    public Server.Role role() {
      return role;
    }
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(http|https|peer|rtmp|live|dns|heartbeat)://(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+)):(\\d{1,5})");

  public ListenAddress {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535: " + port);
    }
  }

  /**
   * Returns the address that {@code text} names.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static ListenAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected http://, https://, peer://, rtmp://, live://, dns:// or heartbeat:// and ADDRESS:PORT,"
              + " not "
              + text);
    }
    String host = parts.group(2) == null ? parts.group(3) : parts.group(2);
    return new ListenAddress(
        Scheme.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
        InetAddress.ofLiteral(host),
        Integer.parseInt(parts.group(4)));
  }
}
