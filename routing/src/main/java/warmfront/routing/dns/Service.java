package warmfront.routing.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the edges speak of one name at port 443, for its HTTPS record (RFC 9460). {@code http/1.1}
 * need not be named, as it is spoken anyhow.
 */
public enum Service {
  /** Nothing that an HTTPS record could tell: there is none. */
  NONE,

  /** HTTP/2 (RFC 9113, 3.1). */
  HTTP2("h2"),

  /** HTTP/3 over UDP (RFC 9114, 3.1), and over TCP what need not be named. */
  HTTP3("h3"),

  /** HTTP/3, which is preferred, and HTTP/2. */
  HTTP3_AND_2("h3", "h2");

  private static final int KEY_ALPN = 1;

  @SuppressWarnings("ImmutableEnumChecker") // never given out of this package, never changed
  private final byte[] data;

  Service(String... protocols) {
    this.data = protocols.length == 0 ? new byte[0] : data(protocols);
  }

  /** Priority 1, the name itself as target, and {@code alpn} (RFC 9460, 2.2, 2.5 and 7.1). */
  private static byte[] data(String... protocols) {
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

  /** Returns the beginning of the record's data, which hints may follow; empty for none. */
  byte[] data() {
    return data;
  }
}
