package warmfront.heartbeat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Heartbeats as datagrams: {@code "WFH2", flags, shed percent, incarnation, sequence, revision,
 * location, id}, then HMAC-SHA256 (RFC 2104) over all before it. Numbers are big-endian.
 * Thread-safe.
 */
public final class HeartbeatCodec {
  /** Largest datagram that this codec makes or takes, in bytes. */
  public static final int DATAGRAM_MAX = 4 + 2 + 3 * Long.BYTES + 3 + 1 + Heartbeat.ID_MAX + 32;

  private static final byte[] MAGIC = "WFH2".getBytes(StandardCharsets.US_ASCII);
  private static final int MAC_BYTES = 32;
  private static final int HEAD_BYTES = 4 + 2 + 3 * Long.BYTES + 3 + 1;
  private static final int SERVING = 1;
  private static final int DRAINING = 2;

  private final SecretKeySpec key;

  /**
   * Makes a codec of the fleet's heartbeat key.
   *
   * @param key 32 bytes
   */
  public HeartbeatCodec(byte[] key) {
    if (key.length != 32) {
      throw new IllegalArgumentException("a heartbeat key has 32 bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /** Returns the datagram that says {@code heartbeat}. */
  public byte[] encode(Heartbeat heartbeat) {
    byte[] id = heartbeat.serverId().getBytes(StandardCharsets.US_ASCII);
    int flags = (heartbeat.serving() ? SERVING : 0) | (heartbeat.draining() ? DRAINING : 0);
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + id.length + MAC_BYTES);
    out.put(MAGIC).put((byte) flags).put((byte) heartbeat.shedPercent());
    out.putLong(heartbeat.incarnation());
    out.putLong(heartbeat.sequence());
    out.putLong(heartbeat.revision());
    out.put(heartbeat.location().getBytes(StandardCharsets.US_ASCII));
    out.put((byte) id.length).put(id);
    out.put(mac(out.array(), out.position()));
    return out.array();
  }

  /** Returns what a datagram says; empty if it is malformed or its sender does not know the key. */
  public Optional<Heartbeat> decode(byte[] datagram, int offset, int length) {
    if (length < HEAD_BYTES + 1 + MAC_BYTES || length > DATAGRAM_MAX) {
      return Optional.empty();
    }
    byte[] bytes = Arrays.copyOfRange(datagram, offset, offset + length);
    int signed = length - MAC_BYTES;
    byte[] said = Arrays.copyOfRange(bytes, signed, length);
    if (!MessageDigest.isEqual(mac(bytes, signed), said)) {
      return Optional.empty();
    }
    return parse(ByteBuffer.wrap(bytes, 0, signed));
  }

  private static Optional<Heartbeat> parse(ByteBuffer in) {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    int flags = in.get();
    int shed = in.get();
    long incarnation = in.getLong();
    long sequence = in.getLong();
    long revision = in.getLong();
    String location = text(in, 3);
    int idBytes = in.get();
    // Bits that we do not know belong to a later version, which says "WFH3" if they matter.
    if (!Arrays.equals(magic, MAGIC) || idBytes != in.remaining()) {
      return Optional.empty();
    }
    String id = text(in, idBytes);
    try {
      boolean serving = (flags & SERVING) != 0;
      boolean draining = (flags & DRAINING) != 0;
      return Optional.of(
          new Heartbeat(id, location, incarnation, sequence, revision, serving, draining, shed));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private byte[] mac(byte[] bytes, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(bytes, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has HmacSHA256", missing);
    }
  }
}
