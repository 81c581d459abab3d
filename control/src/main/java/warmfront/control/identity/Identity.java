package warmfront.control.identity;

/**
 * What is known of an access key that may be used.
 *
 * @param secretAccessKey its secret
 * @param principal who it stands for
 */
public record Identity(String secretAccessKey, Principal principal) {
  @Override
  public String toString() {
    return "Identity[" + principal + "]";
  }
}
