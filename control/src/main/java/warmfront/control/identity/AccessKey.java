package warmfront.control.identity;

/**
 * A key that signs requests to the API.
 *
 * @param accessKeyId names the key, {@code AKIA} and 16 characters
 * @param secretAccessKey 40 characters
 */
public record AccessKey(String accessKeyId, String secretAccessKey) {
  @Override
  public String toString() {
    return "AccessKey[" + accessKeyId + "]";
  }
}
