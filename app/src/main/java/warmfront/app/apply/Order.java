package warmfront.app.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts resources behind those that they refer to, otherwise as the template has them. */
final class Order {
  private final Map<String, Set<String>> needs;
  private final Set<String> done = new LinkedHashSet<>();
  private final List<String> way = new ArrayList<>();

  private Order(Map<String, Set<String>> needs) {
    this.needs = needs;
  }

  /**
   * Returns names in order.
   *
   * @param needs by name, the names it needs; all of them are keys
   * @throws ApplyException if some need one another; names them
   */
  static List<String> of(Map<String, Set<String>> needs) throws ApplyException {
    Order order = new Order(new LinkedHashMap<>(needs));
    for (String name : needs.keySet()) {
      order.visit(name);
    }
    return List.copyOf(order.done);
  }

  private void visit(String name) throws ApplyException {
    if (done.contains(name)) {
      return;
    }
    int before = way.indexOf(name);
    if (before >= 0) {
      throw new ApplyException(
          "resources need one another in a circle: %s -> %s"
              .formatted(String.join(" -> ", way.subList(before, way.size())), name));
    }
    way.add(name);
    for (String needed : needs.getOrDefault(name, Set.of())) {
      visit(needed);
    }
    way.removeLast();
    done.add(name);
  }
}
