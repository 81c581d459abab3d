package warmfront.routing.dns;

import java.nio.charset.StandardCharsets;

/**
 * A CAA record of the zone: who may issue certificates for its names (RFC 8659).
 *
 * @param critical whether an issuer that does not understand the tag must not issue
 * @param tag what is said, as {@code issue}, {@code issuewild} or {@code iodef}: 1 to 15 lower-case
 *     letters and digits
 * @param value to whom it applies, as {@code letsencrypt.org}: ASCII, at most 255 characters
 */
public record IssuerRecord(boolean critical, String tag, String value) {
  private static final int CRITICAL = 0x80;

  public IssuerRecord {
    if (!tag.matches("[a-z0-9]{1,15}")) {
      throw new IllegalArgumentException(
          "a CAA tag is 1 to 15 lower-case letters and digits: " + tag);
    }
    if (!value.matches("\\p{ASCII}{0,255}")) {
      throw new IllegalArgumentException("a CAA value is at most 255 ASCII characters: " + value);
    }
  }

  /** Returns the record's data (RFC 8659, section 4.1). */
  byte[] data() {
    byte[] data = new byte[2 + tag.length() + value.length()];
    data[0] = (byte) (critical ? CRITICAL : 0);
    data[1] = (byte) tag.length();
    System.arraycopy(tag.getBytes(StandardCharsets.US_ASCII), 0, data, 2, tag.length());
    System.arraycopy(
        value.getBytes(StandardCharsets.US_ASCII), 0, data, 2 + tag.length(), value.length());
    return data;
  }
}
