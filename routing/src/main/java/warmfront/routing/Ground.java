package warmfront.routing;

import static java.util.stream.Collectors.toSet;

import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;
import warmfront.heartbeat.HeartbeatCodec;
import warmfront.snapshot.Snapshot;

/**
 * What answers depend on, whichever name is asked for. Immutable.
 *
 * @param geography which locations are near to whom
 * @param fleet the edges, by location
 * @param lapsed the servers that may not know the latest changes
 * @param secure whether there are HTTPS records
 * @param secret what the fleet's DNS servers make cookies with
 * @param codecs of heartbeats
 */
record Ground(
    Geography geography,
    Fleet fleet,
    Set<String> lapsed,
    boolean secure,
    Optional<SecretKey> secret,
    List<HeartbeatCodec> codecs) {
  /** The kinds of resource that it is made of. */
  static final Set<Kind> KINDS =
      EnumSet.of(Kind.LOCATION, Kind.SERVER, Kind.LAPSE, Kind.HEARTBEAT_KEY);

  static Ground of(Snapshot picture, Geography geography, Fleet fleet) {
    return new Ground(
        geography,
        fleet,
        picture.all(Kind.LAPSE, Lapse.class).stream().map(Lapse::id).collect(toSet()),
        Fleet.isSecure(picture),
        secret(picture),
        picture.all(Kind.HEARTBEAT_KEY, HeartbeatKey.class).stream()
            .map(key -> new HeartbeatCodec(bytes(key)))
            .toList());
  }

  /**
   * The heartbeats' key is what DNS servers share. Edges know it, too: they are trusted with more
   * than what a forged cookie gets.
   */
  private static Optional<SecretKey> secret(Snapshot picture) {
    return picture.all(Kind.HEARTBEAT_KEY, HeartbeatKey.class).stream()
        .max(Comparator.comparing(HeartbeatKey::id))
        .map(key -> new SecretKeySpec(bytes(key), "HmacSHA256"));
  }

  private static byte[] bytes(HeartbeatKey key) {
    return Base64.getDecoder().decode(key.base64());
  }
}
