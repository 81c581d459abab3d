package warmfront.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a response's Vary says (RFC 9110, section 12.5.5). */
public final class Vary {
  /**
   * Fields of requests whose members have no order, by their definitions (RFC 9110, sections 12.5.1
   * to 12.5.4).
   */
  private static final Set<String> UNORDERED =
      Set.of("accept", "accept-charset", "accept-encoding", "accept-language");

  /** Those of them in which case means nothing; a media type's parameter may be told by its. */
  private static final Set<String> CASELESS =
      Set.of("accept-charset", "accept-encoding", "accept-language");

  private Vary() {}

  /** Returns whether {@code *} is among its members: no request is known to get the same again. */
  public static boolean isAny(Fields fields) {
    @Nullable String vary = fields.joined("Vary");
    if (vary == null || vary.indexOf('*') < 0) {
      return false;
    }
    for (String member : vary.split(",", -1)) {
      if (member.strip().equals("*")) {
        return true;
      }
    }
    return false;
  }

  /** Returns fields whose Vary has a name, as it may have it already. */
  public static Fields with(Fields fields, String name) {
    @Nullable String vary = fields.joined("Vary");
    if (vary == null) {
      return fields.with("Vary", name);
    }
    for (String member : vary.split(",", -1)) {
      if (member.strip().equalsIgnoreCase(name) || member.strip().equals("*")) {
        return fields;
      }
    }
    return fields.edit().set("Vary", vary + ", " + name).build();
  }

  /**
   * Returns the names of the request fields that a response was chosen by, in lower case and in
   * order; empty if it cannot be told, as of {@code *} and of what is no name.
   */
  public static Optional<List<String>> selecting(Fields fields) {
    @Nullable String vary = fields.joined("Vary");
    if (vary == null) {
      return Optional.of(List.of());
    }
    Set<String> names = new TreeSet<>();
    for (String member : vary.split(",", -1)) {
      String name = member.strip().toLowerCase(Locale.ROOT);
      if (name.equals("*") || (!name.isEmpty() && !Fields.isToken(name))) {
        return Optional.empty();
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return Optional.of(List.copyOf(names));
  }

  /**
   * Returns the value of a request field in one form for all that mean the same (RFC 9111, section
   * 4.1): lines put together, blanks around commas left out, and where the field is known, members
   * in one order and in lower case. Null if it is not there.
   *
   * @param name in lower case
   */
  public static @Nullable String normal(Fields request, String name) {
    @Nullable String value = request.joined(name);
    if (value == null) {
      return null;
    }
    List<String> members = new ArrayList<>();
    for (int at = 0; at < value.length(); ) {
      int end = Directives.end(value, at);
      String member = value.substring(at, end).strip();
      if (!member.isEmpty()) {
        members.add(member);
      }
      at = end + 1;
    }
    if (CASELESS.contains(name)) {
      members.replaceAll(member -> member.replace(" ", "").toLowerCase(Locale.ROOT));
    }
    if (UNORDERED.contains(name)) {
      members.sort(null);
    }
    return String.join(",", members);
  }
}
