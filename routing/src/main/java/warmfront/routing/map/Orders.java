package warmfront.routing.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;

/** The operator's rules in the numbers of locations. Immutable. */
final class Orders {
  private final List<Rules.Rule> rules;
  private final int[][] locations;
  private final Map<Family, Ranges> ranges = new HashMap<>();

  /** Rules of which no location is there say nothing. */
  Orders(Rules all, Numbering numbering) {
    List<Rules.Rule> known = new ArrayList<>();
    List<int[]> numbers = new ArrayList<>();
    for (Rules.Rule rule : all.rules()) {
      int[] found =
          rule.locations().stream().mapToInt(numbering::number).filter(n -> n >= 0).toArray();
      if (found.length > 0) {
        known.add(rule);
        numbers.add(found);
      }
    }
    rules = List.copyOf(known);
    locations = numbers.toArray(int[][]::new);
    for (Family family : Family.values()) {
      List<Ranges.Row> rows = new ArrayList<>();
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).viewers().family() == family) {
          rows.add(new Ranges.Row(rules.get(i).viewers(), i));
        }
      }
      ranges.put(family, Ranges.of(family, rows));
    }
  }

  /** Returns which rule is for which unit. */
  Ranges ranges(Family family) {
    return ranges.getOrDefault(family, Ranges.none(family));
  }

  Rules.Action action(int rule) {
    return rules.get(rule).action();
  }

  CandidateList.Word word(int rule) {
    if (rule < 0) {
      return CandidateList.Word.NONE;
    }
    return switch (action(rule)) {
      case PIN -> CandidateList.Word.PIN;
      case PREFER -> CandidateList.Word.PREFER;
      case FORBID -> CandidateList.Word.FORBID;
    };
  }

  /** Returns how many locations a rule names. */
  int size(int rule) {
    return locations[rule].length;
  }

  int location(int rule, int i) {
    return locations[rule][i];
  }

  /** Returns whether a rule forbids a location. */
  boolean forbids(int rule, int location) {
    return rule >= 0 && action(rule) == Rules.Action.FORBID && names(rule, location);
  }

  /** Returns whether a rule names a location. */
  boolean names(int rule, int location) {
    for (int one : locations[rule]) {
      if (one == location) {
        return true;
      }
    }
    return false;
  }
}
