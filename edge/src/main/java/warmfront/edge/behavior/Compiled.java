package warmfront.edge.behavior;

import java.util.List;
import java.util.Set;
import warmfront.distribution.Distribution;
import warmfront.edge.step.Match;

/** What stands under names: a distribution, or a tenant of one. Immutable to those who ask. */
sealed interface Compiled permits CompiledSite, CompiledTenant {
  /** Returns the route of the first behavior whose pattern matches. */
  Match.Found match(String path);

  /** Returns the distribution, as viewers see it who come by its names. */
  Distribution distribution();

  /** Returns what it is called in messages. */
  String title();

  /** Returns the names it is found by; some may begin with {@code *.} */
  List<String> names();

  /** Returns what it was compiled from beside itself. */
  Set<Reference> references();
}
