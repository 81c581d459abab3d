/**
 * What is kept of origins' answers, for how long, and who waits for whom: look-up, collapse,
 * freshness, eviction, memory and disk tiers, invalidation.
 *
 * <p>Each key has one slot. In it stands what the cache has of the key: an object in memory, its
 * place on disk, the fetch under way, a mark that the last answer could not be kept. A look-up that
 * finds a fresh object takes a pin and nothing else: no lock, no allocation. All else happens under
 * the slot's lock, which is never held while bytes are moved, a call-back runs or a file is
 * touched.
 *
 * <p>A body comes into memory as the origin sends it, and everybody reads it from there, the viewer
 * that asked first included. So a slow viewer delays nobody: the bytes it has not read yet are the
 * object's own. Only a body that turns out too long to keep is passed on through a window, at the
 * pace of the slowest of those who already read it.
 *
 * <p>Time is counted on a steady clock that was set once, at start, by the wall's or by what the
 * disks remember, so that a wall clock which jumps makes nothing expire and nothing eternal. An
 * object remembers the revision of the configuration that was current when its fetch began; an
 * invalidation that is newer makes it as if it were not there, however late it was stored.
 */
@NullMarked
package warmfront.edge.cache;

import org.jspecify.annotations.NullMarked;
