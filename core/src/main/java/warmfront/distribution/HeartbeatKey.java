package warmfront.distribution;

import java.util.Base64;

/**
 * The key that authenticates heartbeats from edges to DNS servers.
 *
 * @param id its number
 * @param base64 32 bytes
 */
public record HeartbeatKey(String id, String base64) implements Resource {
  public HeartbeatKey {
    if (Base64.getDecoder().decode(base64).length != 32) {
      throw new IllegalArgumentException("a heartbeat key has 32 bytes");
    }
  }

  @Override
  public String toString() {
    return "HeartbeatKey[" + id + "]";
  }
}
