package warmfront.link;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator carries to a new server: {@code wf1-SECRET-FINGERPRINT@HOST:PORT}. The
 * fingerprint is the fleet's CA's, so that the secret is shown to nobody else.
 *
 * @param secret 64 hexadecimal digits, good for one use
 * @param caFingerprint SHA-256 of the CA's certificate (DER), 64 hexadecimal digits
 * @param host where control is
 * @param port where control is
 */
public record JoinToken(String secret, String caFingerprint, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "wf1-([0-9a-f]{64})-([0-9a-f]{64})@(\\[[0-9A-Fa-f:.]+\\]|[^@:\\s]+):(\\d{1,5})");

  public JoinToken {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535: " + port);
    }
  }

  /**
   * Reads {@code TOKEN@HOST:PORT}.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat the secret
   */
  public static JoinToken parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "not a token: it is wf1-SECRET-FINGERPRINT@HOST:PORT, as `server add` prints it");
    }
    String host = parts.group(3);
    return new JoinToken(
        parts.group(1),
        parts.group(2),
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(parts.group(4)));
  }

  /** Returns the part before {@code @HOST:PORT}. */
  public String token() {
    return "wf1-" + secret + "-" + caFingerprint;
  }

  /** Returns the whole, for {@code --join}. */
  public String text() {
    return token() + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return "JoinToken[" + host + ":" + port + "]";
  }
}
