package warmfront.app.apply;

/** What {@code Ref} and {@code Fn::GetAtt} of a resource stand for. */
interface References {
  /**
   * Returns what {@code Ref} of a resource stands for.
   *
   * @param path where the reference is
   * @throws ApplyException if there is no such resource
   */
  String reference(String resource, String path) throws ApplyException;

  /**
   * Returns an attribute of a resource.
   *
   * @param path where the reference is
   * @throws ApplyException if there is no such resource, or it has no such attribute
   */
  String attribute(String resource, String name, String path) throws ApplyException;
}
