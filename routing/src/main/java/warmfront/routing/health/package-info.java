/**
 * Which servers answer viewers, judged here, from their own heartbeats and from nothing else: a
 * control plane that is down changes no judgement.
 */
@NullMarked
package warmfront.routing.health;

import org.jspecify.annotations.NullMarked;
