package warmfront.http;

import org.jspecify.annotations.Nullable;

/**
 * A request method (RFC 9110, section 9.1); case-sensitive. The seven that CloudFront knows are
 * constants, so that {@code ==} never matters but {@link #equals} is cheap.
 *
 * @param name a token as it came, of 1 to 32 characters
 */
public record Method(String name) {
  public static final Method GET = new Method("GET");
  public static final Method HEAD = new Method("HEAD");
  public static final Method POST = new Method("POST");
  public static final Method PUT = new Method("PUT");
  public static final Method PATCH = new Method("PATCH");
  public static final Method DELETE = new Method("DELETE");
  public static final Method OPTIONS = new Method("OPTIONS");

  public Method {
    if (name.isEmpty() || name.length() > 32) {
      throw new IllegalArgumentException("a method has 1 to 32 characters: " + name);
    }
  }

  /** Returns the constant of this name, else a method of its own. */
  public static Method of(String name) {
    return switch (name) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      case "PUT" -> PUT;
      case "PATCH" -> PATCH;
      case "DELETE" -> DELETE;
      case "OPTIONS" -> OPTIONS;
      default -> new Method(name);
    };
  }

  /** Returns whether responses to it may be stored: GET and HEAD. */
  public boolean isRead() {
    return name.equals("GET") || name.equals("HEAD");
  }

  /** By the name; spelt out, because a record's own goes through method handles: 4 % of a hit. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Method that && name.equals(that.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
