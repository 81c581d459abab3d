package warmfront.app.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How resources of one type are made, read, changed and removed. */
interface Maker {
  /**
   * What a template wants of a resource.
   *
   * @param name its logical name
   * @param properties evaluated
   * @param leaves its properties' scalars
   * @param notes what is wanted and has no effect here
   */
  record Wanted(String name, Value.Fields properties, Leaves leaves, List<String> notes) {}

  /**
   * A resource that is there.
   *
   * @param id by which it is asked for
   * @param version changes with every change; empty if it has none
   * @param leaves what it shows
   * @param words the first words of paths that it shows
   * @param attributes by name, {@code Ref} among them
   */
  record Made(
      String id, String version, Leaves leaves, Set<String> words, Map<String, String> attributes) {
    /** The name under which what {@code Ref} stands for is kept. */
    static final String REFERENCE = "Ref";
  }

  /** Returns the names that {@code Fn::GetAtt} may have. */
  Set<String> attributes();

  /**
   * Returns properties, with nothing in those that have no effect: what they refer to is not
   * needed.
   *
   * @param properties not evaluated
   */
  Value.Fields heeded(Value.Fields properties);

  /**
   * Takes properties.
   *
   * @param properties those that are heeded, evaluated
   * @throws ApplyException names a property that is unknown or wrong
   */
  Wanted wanted(String name, Value.Fields properties) throws ApplyException;

  /** Returns what is known of a resource before it is made. */
  Optional<Made> foreseen(Wanted wanted);

  /** Returns whether a change at a path takes another resource in its place. */
  boolean isFixed(String path);

  /**
   * Returns what a create made whose answer nobody got; empty if it made nothing.
   *
   * @param reference the caller's of that create
   */
  Optional<Made> find(Wanted wanted, String reference) throws ApplyException, InterruptedException;

  /**
   * Makes a resource.
   *
   * @param reference the caller's, unique
   */
  Made create(Wanted wanted, String reference) throws ApplyException, InterruptedException;

  /** Reads a resource; empty if it is not there. */
  Optional<Made> read(String id) throws ApplyException, InterruptedException;

  /**
   * Makes a resource what is wanted.
   *
   * @param changed the paths at which it is not yet
   */
  Made update(Wanted wanted, Made made, Set<String> changed)
      throws ApplyException, InterruptedException;

  /** Removes a resource, if it is there. */
  void delete(String id) throws ApplyException, InterruptedException;

  /** Waits until a resource is at work everywhere; returns whether it is, after some patience. */
  boolean await(String id) throws ApplyException, InterruptedException;
}
