package warmfront.app.operator;

import java.util.List;
import java.util.Map;

/** A part of the process that tells the operator how it is. Called on any thread, never slow. */
public interface Part {
  /** Returns its name in answers, one word. */
  String name();

  /** Returns why it does not serve yet; empty if it does. */
  default List<String> unready() {
    return List.of();
  }

  /**
   * Returns what it wants to be told while it serves, such as that it lives on its disk's state.
   */
  default List<String> notes() {
    return List.of();
  }

  /** Writes its figures of this moment. */
  default void figures(Figures out) {}

  /**
   * Returns what {@code status} shows of it: text, numbers, truth values, lists and maps of them.
   */
  default Map<String, Object> status() {
    return Map.of();
  }
}
