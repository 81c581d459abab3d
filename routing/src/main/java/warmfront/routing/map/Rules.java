package warmfront.routing.map;

import static java.util.stream.Collectors.toSet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import warmfront.rtt.Prefix;

/**
 * The operator's word on where ranges of viewers go, above all measurement. Immutable.
 *
 * <p>The file is text, one rule to a line: a prefix, an action, one or more locations, separated by
 * commas. Empty lines and lines that begin with {@code #} say nothing.
 *
 * <pre>
 * # viewers      action   locations
 * 10.20.0.0/16,  pin,     FRA
 * 192.0.2.0/24,  prefer,  NRT, SYD
 * 2001:db8::/32, forbid,  CMH
 * </pre>
 *
 * <p>A prefix is at most a /24 or a /56. Where prefixes lie within one another the longest counts.
 */
public final class Rules {
  /** Most locations of a rule: with the eight of a list they are not too many for one. */
  public static final int LOCATIONS_MAX = 200;

  /** What is to be done with a range. */
  public enum Action {
    /** The locations named, in their order; others only when none of them has an address. */
    PIN,
    /** The locations named first, in their order, then the others as measured. */
    PREFER,
    /** As measured, but the locations named only when no other has an address. */
    FORBID
  }

  /**
   * A rule.
   *
   * @param viewers whom it is for
   * @param action what is to be done
   * @param locations codes, at least one
   */
  public record Rule(Prefix viewers, Action action, List<String> locations) {
    public Rule {
      locations = List.copyOf(locations);
      if (locations.isEmpty() || locations.size() > LOCATIONS_MAX) {
        throw new IllegalArgumentException(
            "a rule names 1 to %d locations: %s".formatted(LOCATIONS_MAX, viewers));
      }
      for (String location : locations) {
        if (!location.matches("[A-Z]{3}")) {
          throw new IllegalArgumentException("a location is three capital letters: " + location);
        }
      }
      if (Set.copyOf(locations).size() < locations.size()) {
        throw new IllegalArgumentException("a location is named twice for " + viewers);
      }
    }
  }

  /** What came of reading rules. */
  public sealed interface Read {
    /** They are well-formed. */
    record Loaded(Rules rules) implements Read {}

    /**
     * They are not; nothing of them is to be used.
     *
     * @param line the line's number, from 1; 0 if it is not a line that is wrong
     * @param reason what is wrong
     */
    record Malformed(int line, String reason) implements Read {}
  }

  /** The operator says nothing. */
  public static final Rules NONE = new Rules(List.of());

  /** Most rules. */
  public static final int RULES_MAX = 50_000;

  private static final int LINE_CHARACTERS_MAX = 8192;

  private final List<Rule> rules;

  private Rules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads rules.
   *
   * @throws IOException if the reader fails; malformed rules are a value
   */
  public static Read read(Reader from) throws IOException {
    BufferedReader lines = new BufferedReader(from);
    List<Rule> rules = new ArrayList<>();
    Set<Prefix> seen = new HashSet<>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.length() > LINE_CHARACTERS_MAX) {
        return new Read.Malformed(
            number, "a line has at most " + LINE_CHARACTERS_MAX + " characters");
      }
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        Rule rule = rule(line);
        if (!seen.add(rule.viewers())) {
          return new Read.Malformed(number, "a second rule for " + rule.viewers());
        }
        rules.add(rule);
      } catch (IllegalArgumentException malformed) {
        return new Read.Malformed(number, String.valueOf(malformed.getMessage()));
      }
      if (rules.size() > RULES_MAX) {
        return new Read.Malformed(number, "there are at most " + RULES_MAX + " rules");
      }
    }
    return new Read.Loaded(new Rules(rules));
  }

  private static Rule rule(String line) {
    List<String> parts = Stream.of(line.split(",", -1)).map(String::strip).toList();
    if (parts.size() < 3) {
      throw new IllegalArgumentException("a rule is PREFIX,ACTION,LOCATION[,LOCATION...]: " + line);
    }
    return new Rule(viewers(parts.get(0)), action(parts.get(1)), parts.subList(2, parts.size()));
  }

  /**
   * Reads a prefix that a rule may be for.
   *
   * @throws IllegalArgumentException if it is none, or too long to be answered by
   */
  static Prefix viewers(String text) {
    Prefix prefix = Prefix.parse(text);
    if (prefix.length() > prefix.family().unitLength()) {
      throw new IllegalArgumentException(
          "a prefix is at most a /%d: %s".formatted(prefix.family().unitLength(), prefix));
    }
    return prefix;
  }

  private static Action action(String word) {
    return switch (word) {
      case "pin" -> Action.PIN;
      case "prefer" -> Action.PREFER;
      case "forbid" -> Action.FORBID;
      default -> throw new IllegalArgumentException("an action is pin, prefer or forbid: " + word);
    };
  }

  /** Returns rules; no two may be for the same viewers. */
  static Rules of(List<Rule> rules) {
    return new Rules(rules);
  }

  /** Returns these rules, with {@code others} for viewers that these say nothing of. */
  public Rules over(Rules others) {
    Set<Prefix> own = rules.stream().map(Rule::viewers).collect(toSet());
    return new Rules(
        Stream.concat(
                rules.stream(), others.rules.stream().filter(one -> !own.contains(one.viewers())))
            .toList());
  }

  /** Returns the rules in the order of the file. */
  public List<Rule> rules() {
    return rules;
  }
}
