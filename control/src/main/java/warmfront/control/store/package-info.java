/**
 * The one place that keeps what was changed: resources, unique claims, tags and the numbered log,
 * in one transaction.
 *
 * <p>Nothing secret lies in the database in clear: what callers wrote and the values of secret
 * kinds are sealed with a key that is not in it.
 *
 * <p>A change and the log entry that publishes it are written together or not at all. The log's
 * revision is a counter row incremented inside the changing transaction, so the order of commits is
 * the order of revisions, and whoever reads on from a revision misses nothing.
 */
@NullMarked
package warmfront.control.store;

import org.jspecify.annotations.NullMarked;
