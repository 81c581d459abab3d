package warmfront.edge.origin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What the machine knows of names. May block; called on the room's own threads. */
public interface NameService {
  /**
   * Returns the addresses of a name, at least one.
   *
   * @throws UnknownHostException if it has none or nobody answers
   */
  List<InetAddress> addresses(String name) throws UnknownHostException;

  /** Returns the machine's resolver. */
  static NameService system() {
    return name -> List.of(InetAddress.getAllByName(name));
  }
}
