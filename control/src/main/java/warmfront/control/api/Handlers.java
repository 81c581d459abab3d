package warmfront.control.api;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Models;

/** The operations that are there, by name. Filled once, then only read. */
final class Handlers {
  private final Map<String, Handler> handlers = new TreeMap<>();

  /**
   * One operation.
   *
   * @param blank makes an empty builder of its request
   * @param answer takes the request, gives the response
   */
  record Handler(Supplier<SdkPojo> blank, Function<SdkPojo, SdkPojo> answer) {}

  /** Adds an operation. */
  <Q extends SdkPojo> void on(
      String operation, Class<Q> request, Supplier<SdkPojo> blank, Function<Q, SdkPojo> answer) {
    put(operation, new Handler(blank, asked -> answer.apply(request.cast(asked))));
  }

  private void put(String operation, Handler handler) {
    if (handlers.put(operation, handler) != null) {
      throw new IllegalStateException("two handlers for " + operation);
    }
  }

  /**
   * Adds an operation whose classes are found by its name.
   *
   * @param answer takes the request, fills the builder of the response
   */
  void on(String operation, BiConsumer<SdkPojo, SdkPojo> answer) {
    Supplier<SdkPojo> response = Models.builder(operation + "Response");
    put(
        operation,
        new Handler(
            Models.builder(operation + "Request"),
            asked -> {
              SdkPojo said = response.get();
              answer.accept(asked, said);
              return Members.build(said);
            }));
  }

  Optional<Handler> find(String operation) {
    return Optional.ofNullable(handlers.get(operation));
  }

  /** Returns the names of the operations that are there. */
  Set<String> names() {
    return Collections.unmodifiableSet(handlers.keySet());
  }
}
