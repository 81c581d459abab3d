package warmfront.control.identity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import warmfront.signing.Json;

/**
 * Reads policies in IAM's JSON, of version 2012-10-17: statements with {@code Sid}, {@code Effect},
 * {@code Action} or {@code NotAction}, {@code Resource} or {@code NotResource}. What else IAM knows
 * narrows what a statement is about, so that it is refused by name and never passed over.
 */
final class PolicyReader {
  /** Most characters of a policy, blanks between its words not counted (IAM's quota). */
  static final int CHARS_MAX = 6_144;

  private static final String VERSION = "2012-10-17";
  private static final int STATEMENTS_MAX = 100;
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9]*");
  private static final Pattern ACTION = Pattern.compile("\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+");
  private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
  private static final Set<String> KNOWN =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource");

  private PolicyReader() {}

  /**
   * Returns a policy.
   *
   * @throws IllegalArgumentException if it is none, or says more than is obeyed here; says what
   */
  static Policy read(String json) {
    if (json.chars().filter(c -> !Character.isWhitespace(c)).count() > CHARS_MAX) {
      throw new IllegalArgumentException("a policy has at most %d characters".formatted(CHARS_MAX));
    }
    Map<String, Object> document = object("the policy", parsed(json));
    for (String member : document.keySet()) {
      if (!MEMBERS.contains(member)) {
        throw new IllegalArgumentException("a policy has no member " + member);
      }
    }
    if (!VERSION.equals(document.get("Version"))) {
      throw new IllegalArgumentException("a policy's Version is " + VERSION);
    }
    List<Policy.Statement> statements = new ArrayList<>();
    Set<String> sids = new HashSet<>();
    for (Object one : list(document.get("Statement"))) {
      Map<String, Object> statement = object("a statement", one);
      statements.add(statement(statement));
      if (statement.get("Sid") instanceof String sid && !sids.add(sid)) {
        throw new IllegalArgumentException("two statements have the Sid " + sid);
      }
    }
    if (statements.isEmpty() || statements.size() > STATEMENTS_MAX) {
      throw new IllegalArgumentException("a policy has 1 to " + STATEMENTS_MAX + " statements");
    }
    return new Policy(statements);
  }

  private static Object parsed(String json) {
    try {
      return Json.parse(json);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("a policy is JSON: " + malformed.getMessage(), malformed);
    }
  }

  private static Policy.Statement statement(Map<String, Object> from) {
    for (String member : from.keySet()) {
      if (!KNOWN.contains(member)) {
        throw new IllegalArgumentException(
            "%s is not supported in a statement; there are %s"
                .formatted(member, KNOWN.stream().sorted().toList()));
      }
    }
    if (from.containsKey("Sid") && !(from.get("Sid") instanceof String sid && isSid(sid))) {
      throw new IllegalArgumentException("a Sid has letters and digits alone");
    }
    boolean otherActions = others(from, "Action");
    boolean otherResources = others(from, "Resource");
    List<String> actions = texts(from.get(otherActions ? "NotAction" : "Action"), "an action");
    for (String action : actions) {
      if (!ACTION.matcher(action).matches()) {
        throw new IllegalArgumentException("an action is * or SERVICE:NAME, not " + action);
      }
    }
    List<ArnPattern> resources = new ArrayList<>();
    for (String text : texts(from.get(otherResources ? "NotResource" : "Resource"), "a resource")) {
      if (text.contains("${") || text.indexOf('\\') >= 0) {
        throw new IllegalArgumentException("variables and escapes are not supported: " + text);
      }
      resources.add(new ArnPattern(text));
    }
    return new Policy.Statement(
        allows(from.get("Effect")),
        new Policy.Actions(otherActions, actions),
        new Policy.Resources(otherResources, resources));
  }

  private static boolean isSid(String text) {
    return SID.matcher(text).matches();
  }

  private static boolean allows(@Nullable Object effect) {
    return switch (String.valueOf(effect)) {
      case "Allow" -> true;
      case "Deny" -> false;
      default -> throw new IllegalArgumentException("the Effect of a statement is Allow or Deny");
    };
  }

  /** Returns whether a statement has a member in its negated form; it has one of the two. */
  private static boolean others(Map<String, Object> from, String member) {
    boolean negated = from.containsKey("Not" + member);
    if (negated == from.containsKey(member)) {
      throw new IllegalArgumentException(
          "a statement has either %s or Not%s".formatted(member, member));
    }
    return negated;
  }

  private static List<String> texts(@Nullable Object value, String what) {
    List<String> texts =
        list(value).stream()
            .map(
                (Function<Object, String>)
                    one -> {
                      if (one instanceof String text) {
                        return text;
                      }
                      throw new IllegalArgumentException(what + " is a text");
                    })
            .toList();
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return texts;
  }

  /** A list of one may be written without brackets. */
  private static List<?> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> items -> items;
      default -> List.of(value);
    };
  }

  @SuppressWarnings("unchecked") // the reader of JSON makes no other maps
  private static Map<String, Object> object(String what, Object value) {
    if (value instanceof Map<?, ?> members) {
      return (Map<String, Object>) members;
    }
    throw new IllegalArgumentException(what + " is an object");
  }
}
