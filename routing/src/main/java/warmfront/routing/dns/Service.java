package warmfront.routing.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the edges speak of one name at port 443, for its HTTPS record (RFC 9460).
 *
 * @param protocols ALPN names in the order of preference, as {@code h2}; {@code http/1.1} need not
 *     be named, as it is spoken anyhow. If there are none, there is no HTTPS record
 */
public record Service(List<String> protocols) {
  private static final int KEY_ALPN = 1;
  private static final int PROTOCOL_BYTES_MAX = 255;
  private static final int PROTOCOLS_MAX = 8;

  /** Nothing that an HTTPS record could tell. */
  public static final Service NONE = new Service(List.of());

  /** HTTP/2 (RFC 9113, 3.1). */
  public static final Service HTTP2 = new Service(List.of("h2"));

  /** HTTP/3 over UDP (RFC 9114, 3.1), and over TCP what need not be named. */
  public static final Service HTTP3 = new Service(List.of("h3"));

  /** HTTP/3, which is preferred, and HTTP/2. */
  public static final Service HTTP3_AND_2 = new Service(List.of("h3", "h2"));

  public Service {
    protocols = List.copyOf(protocols);
    if (protocols.size() > PROTOCOLS_MAX) {
      throw new IllegalArgumentException("at most 8 protocols: " + protocols);
    }
    for (String protocol : protocols) {
      if (protocol.isEmpty() || protocol.length() > PROTOCOL_BYTES_MAX) {
        throw new IllegalArgumentException("a protocol has 1 to 255 characters: " + protocol);
      }
    }
  }

  boolean isOffered() {
    return !protocols.isEmpty();
  }

  /**
   * Returns the beginning of the record's data: priority 1, the name itself as target, and the
   * parameter {@code alpn} (RFC 9460, sections 2.2, 2.5 and 7.1). Hints may follow.
   */
  byte[] data() {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (String protocol : protocols) {
      list.write(protocol.length());
      list.writeBytes(protocol.getBytes(StandardCharsets.US_ASCII));
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(new byte[] {0, 1, 0, 0, KEY_ALPN, (byte) (list.size() >> 8)});
    data.write(list.size());
    data.writeBytes(list.toByteArray());
    return data.toByteArray();
  }
}
