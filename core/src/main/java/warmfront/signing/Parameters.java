package warmfront.signing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import warmfront.signing.Presented.Hash;

/** The parameters that a signature adds, by the names that they have in a URL. */
final class Parameters {
  /** Longest signature, in characters: one by RSA of 2048 bits has 344. */
  static final int SIGNATURE_CHARS_MAX = 1_024;

  /** Longest policy, in characters: as long as a whole URL may be. */
  static final int POLICY_CHARS_MAX = 8_192;

  private static final int KEY_ID_CHARS_MAX = 64;

  private static final String EXPIRES = "Expires";
  private static final String POLICY = "Policy";
  private static final String SIGNATURE = "Signature";
  private static final String KEY_ID = "Key-Pair-Id";
  private static final String HASH = "Hash-Algorithm";

  /** All of their names. */
  static final Set<String> NAMES = Set.of(EXPIRES, POLICY, SIGNATURE, KEY_ID, HASH);

  /** What is presented where one of them is given twice. */
  static final Presented TWICE = new Presented.Malformed("a parameter is given twice");

  private Parameters() {}

  /** Returns what they say. */
  static Presented presented(Map<String, String> given) {
    if (given.isEmpty()) {
      return new Presented.Nothing();
    }
    for (String name : List.of(SIGNATURE, KEY_ID)) {
      if (given.getOrDefault(name, "").isEmpty()) {
        return new Presented.Malformed(name + " is missing");
      }
    }
    String signature = given.getOrDefault(SIGNATURE, "");
    String keyId = given.getOrDefault(KEY_ID, "");
    if (signature.length() > SIGNATURE_CHARS_MAX || keyId.length() > KEY_ID_CHARS_MAX) {
      return new Presented.Malformed("Signature or Key-Pair-Id is too long");
    }
    return switch (given.getOrDefault(HASH, "SHA1")) {
      case "SHA1" -> policy(given, new Presented.Seal(keyId, Hash.SHA1, signature));
      case "SHA256" -> policy(given, new Presented.Seal(keyId, Hash.SHA256, signature));
      default -> new Presented.Malformed("Hash-Algorithm is SHA1 or SHA256");
    };
  }

  private static Presented policy(Map<String, String> given, Presented.Seal seal) {
    if (given.containsKey(EXPIRES) == given.containsKey(POLICY)) {
      return new Presented.Malformed("there is either Expires or Policy");
    }
    String policy = given.getOrDefault(POLICY, "");
    if (!policy.isEmpty()) {
      return policy.length() <= POLICY_CHARS_MAX
          ? new Presented.Custom(seal, policy)
          : new Presented.Malformed("Policy is too long");
    }
    String expires = given.getOrDefault(EXPIRES, "");
    if (!expires.matches("[0-9]{1,19}")) {
      return new Presented.Malformed("Expires is a number of seconds");
    }
    try {
      return new Presented.Canned(seal, Long.parseLong(expires));
    } catch (NumberFormatException beyond) {
      return new Presented.Malformed("Expires is a number of seconds, of 64 bits");
    }
  }
}
