/**
 * How measurements become the map that the fleet answers by: they come in at any control process,
 * one of these makes the map, and all of them give it away.
 *
 * <p>Which process makes it is said by the database ({@link warmfront.control.store.Lead}). What
 * the others hear waits there until it is taken in, and the map stands there when it is made; so
 * the process that makes it may end at any time, and a map that is late harms nobody: DNS servers
 * answer by the one they have.
 */
@NullMarked
package warmfront.control.maps;

import org.jspecify.annotations.NullMarked;
