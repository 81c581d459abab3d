package warmfront.signing;

/**
 * An access key.
 *
 * @param accessKeyId its public name, 1 to 128 letters, digits, {@code _} and {@code -}
 * @param secretAccessKey its secret
 */
public record Credentials(String accessKeyId, String secretAccessKey) {
  public Credentials {
    if (!isAccessKeyId(accessKeyId)) {
      throw new IllegalArgumentException("not an access key id: " + accessKeyId);
    }
    if (secretAccessKey.isEmpty()) {
      throw new IllegalArgumentException("no secret for access key " + accessKeyId);
    }
  }

  static boolean isAccessKeyId(String text) {
    if (text.isEmpty() || text.length() > 128) {
      return false;
    }
    return text.chars()
        .allMatch(c ->
            (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-');
  }

  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
