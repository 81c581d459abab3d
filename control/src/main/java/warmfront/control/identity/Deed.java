package warmfront.control.identity;

/**
 * What a caller is about to do, in the words of policies.
 *
 * @param action as {@code cloudfront:GetDistribution}
 * @param resource the ARN of what it is done to; {@code *} for an action that is not on one
 *     resource, and an ARN that ends with {@code /*} for what is yet to be made
 * @param somewhere whether it is done to one of the resources that {@code resource} stands for, and
 *     only the operation itself finds out which: a deny of any of them counts then
 */
public record Deed(String action, String resource, boolean somewhere) {
  /** Something that is done to this resource. */
  public static Deed of(String action, String resource) {
    return new Deed(action, resource, false);
  }

  /** Something that is done to one of these resources. */
  public static Deed somewhere(String action, String resources) {
    return new Deed(action, resources, true);
  }
}
