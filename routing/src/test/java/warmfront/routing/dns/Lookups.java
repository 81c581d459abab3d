package warmfront.routing.dns;

import org.jspecify.annotations.Nullable;

/** Looks names up as answers do, for tests of other rooms. */
public final class Lookups {
  private Lookups() {}

  /** Returns what stands at a name, the same object while nothing changes; null if nothing. */
  public static @Nullable Object node(Names names, String name) {
    byte[] wire = new byte[WireName.BYTES_MAX];
    return names.find(wire, WireName.of(name).copy(wire, 0));
  }

  /** Returns in words what a name is, wildcards included. */
  public static String told(Names names, String name) {
    byte[] wire = new byte[WireName.BYTES_MAX];
    WireName asked = WireName.of(name);
    int length = asked.copy(wire, 0);
    Names.@Nullable Node node = names.find(wire, length);
    Names.@Nullable Node shown =
        node == null ? names.findWildcard(wire, length, asked.labels()) : node;
    return switch (shown) {
      case null -> "nothing";
      case Names.Node.Alias alias -> "alias of " + alias.target();
      case Names.Node.Text text -> text.texts().size() + " texts";
      default -> shown.toString();
    };
  }
}
