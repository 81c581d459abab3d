package warmfront.control.identity;

import java.util.List;

/** Who a key stands for. */
public sealed interface Principal {
  /** The account itself, which may do everything. */
  record Root() implements Principal {}

  /**
   * A user, who may do what policies allow.
   *
   * @param name unique
   * @param id {@code AIDA} and 17 characters; another user of this name has another one
   * @param policies what they say together counts
   */
  record User(String name, String id, List<Policy> policies) implements Principal {
    public User {
      policies = List.copyOf(policies);
    }
  }

  /** Returns its ARN in an account. */
  default String arn(String account) {
    return switch (this) {
      case Root _ -> "arn:aws:iam::%s:root".formatted(account);
      case User user -> "arn:aws:iam::%s:user/%s".formatted(account, user.name());
    };
  }

  /** Returns its id: of the account itself the account's number. */
  default String id(String account) {
    return switch (this) {
      case Root _ -> account;
      case User user -> user.id();
    };
  }
}
