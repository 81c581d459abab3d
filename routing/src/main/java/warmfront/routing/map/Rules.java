package warmfront.routing.map;

import java.util.List;
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
      if (locations.isEmpty()) {
        throw new IllegalArgumentException("a rule names a location: " + viewers);
      }
    }
  }

  /** The operator says nothing. */
  public static final Rules NONE = new Rules(List.of());

  private final List<Rule> rules;

  private Rules(List<Rule> rules) {
    this.rules = rules;
  }

  /** Returns the rules in the order of the file. */
  public List<Rule> rules() {
    return rules;
  }
}
