/** What an edge serves, as validated records: distribution, behavior, origin, policies, fleet. */
@NullMarked
package warmfront.distribution;

import org.jspecify.annotations.NullMarked;
