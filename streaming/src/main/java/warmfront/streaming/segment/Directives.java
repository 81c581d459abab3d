package warmfront.streaming.segment;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Delivery directives in a playlist's query (RFC 8216bis, 6.2.5). */
final class Directives {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

  private static final Pattern PART = Pattern.compile("\\d{1,5}");

  private static final int PARAMETERS_MAX = 32;

  private Directives() {}

  /** What a query was read as. */
  sealed interface Read {}

  /** Directives, or none. */
  record Right(Optional<Resource.Position> from, boolean skip) implements Read {}

  /** Some that contradict one another or the standard. */
  record Wrong(String reason) implements Read {}

  static Read read(String query) {
    @Nullable String sequence = null;
    @Nullable String part = null;
    @Nullable String skip = null;
    Set<String> seen = new HashSet<>();
    String[] parameters = query.split("&", PARAMETERS_MAX + 1);
    if (parameters.length > PARAMETERS_MAX) {
      return new Wrong("a query has at most " + PARAMETERS_MAX + " parameters");
    }
    for (String parameter : parameters) {
      if (!parameter.startsWith("_HLS_")) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      if (!seen.add(name)) {
        return new Wrong(name + " is said twice");
      }
      switch (name) {
        case "_HLS_msn" -> sequence = value;
        case "_HLS_part" -> part = value;
        case "_HLS_skip" -> skip = value;
        // Later directives are to be ignored by servers that do not know them.
        default -> {}
      }
    }
    return judge(sequence, part, skip);
  }

  private static Read judge(
      @Nullable String sequence, @Nullable String part, @Nullable String skip) {
    if (skip != null && !skip.equals("YES") && !skip.equals("v2")) {
      return new Wrong("_HLS_skip is YES or v2");
    }
    if (sequence != null && !NUMBER.matcher(sequence).matches()) {
      return new Wrong("_HLS_msn is a number");
    }
    if (part != null && !PART.matcher(part).matches()) {
      return new Wrong("_HLS_part is a number");
    }
    if (sequence == null) {
      return part == null
          ? new Right(Optional.empty(), skip != null)
          : new Wrong("_HLS_part goes with _HLS_msn");
    }
    OptionalInt index = part == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(part));
    return new Right(
        Optional.of(new Resource.Position(Long.parseLong(sequence), index)), skip != null);
  }
}
