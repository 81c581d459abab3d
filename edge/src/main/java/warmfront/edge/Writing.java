package warmfront.edge;

import java.util.Set;
import warmfront.distribution.Distribution;
import warmfront.edge.policy.Keys;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.Method;

/** What the answer to a request that passed the cache by means for what is stored. */
final class Writing {
  private static final Set<Method> WRITING =
      Set.of(Method.PUT, Method.POST, Method.PATCH, Method.DELETE);

  private Writing() {}

  /** Has what was changed at the origin invalidated, if the distribution asks for it. */
  static void heard(Rooms rooms, Route found, Request allowed, Fetched.Answered answered) {
    Distribution distribution = found.site().distribution();
    if (distribution.wishes().invalidatesWritten()
        && WRITING.contains(allowed.method())
        && answered.status() < 400) {
      rooms.writes().get().wrote(found.site().owner(), allowed.path());
    }
    if (Keys.isStandard(found)) {
      ByStandard.heard(rooms, found, allowed, answered);
    }
  }
}
