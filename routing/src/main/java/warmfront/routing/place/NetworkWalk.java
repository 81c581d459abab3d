package warmfront.routing.place;

import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.DeserializationException;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Networks;
import com.maxmind.db.NetworksIterationException;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;

/** Goes through the networks of a file in MaxMind's DB format, ascending, IPv4 before IPv6. */
final class NetworkWalk {
  /** Takes what a file says of one network. */
  @FunctionalInterface
  interface Visitor<E> {
    void network(InetAddress address, int length, E entry);
  }

  private NetworkWalk() {}

  static <E> void forEach(Reader reader, Class<E> entries, Visitor<E> visitor) throws IOException {
    try {
      Networks<E> networks = reader.networks(entries);
      while (networks.hasNext()) {
        DatabaseRecord<E> one = networks.next();
        InetAddress address = one.network().networkAddress();
        visitor.network(address, length(address, one.network().prefixLength()), one.data());
      }
    } catch (InvalidNetworkException
        | NetworksIterationException
        | DeserializationException broken) {
      throw new IOException("a broken database of networks", broken);
    }
  }

  private static int length(InetAddress address, int length) throws InvalidDatabaseException {
    // IPv4 stands at ::/96 of an IPv6 database; the reader may count from either end.
    int own = address instanceof Inet4Address && length > 32 ? length - 96 : length;
    if (own < 0) {
      throw new InvalidDatabaseException("a network of IPv4 with a prefix length of " + length);
    }
    return own;
  }
}
