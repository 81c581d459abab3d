package warmfront.control.api.acm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The record of DNS that stands for a domain of a requested certificate: a CNAME that its owner
 * sets once, to a name of the fleet's zone.
 *
 * @param name of the record, without a dot at its end
 * @param target where it is to point, the same
 */
record Proof(String name, String target) {
  private static final int LABEL_BYTES = 16;
  private static final String CHALLENGE = "_acme-challenge.";

  /**
   * Returns the record of a name.
   *
   * @param name a DNS name; a wildcard has the record of the name below it
   * @param zone the fleet's
   * @param world whether a public authority looks there; else nobody does, and the record's own
   *     name must not be in the way of such an authority's
   */
  static Proof of(String name, String zone, boolean world) {
    String domain = name.startsWith("*.") ? name.substring(2) : name;
    String target = "_" + label("value " + domain) + "." + zone;
    return world
        ? new Proof(CHALLENGE + domain, target)
        : new Proof("_" + label("name " + domain) + "." + domain, target);
  }

  /** Returns where the texts of a domain are to be: in the zone, at the domain itself. */
  String place(String zone) {
    return name.endsWith("." + zone) ? name : target;
  }

  private static String label(String of) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, LABEL_BYTES);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
