/**
 * Step 2, match: host to distribution and path to behavior, compiled from a snapshot.
 *
 * <p>What is compiled is immutable and swapped as one reference. Names lie in a table of many small
 * maps of which a change copies only the few it touches, so that one alias more does not cost in
 * proportion to all that are there. A path pattern is an automaton whose states are the bits of a
 * few words: one pass over the path whatever the pattern, so that no path and pattern together can
 * make an edge think long.
 */
@NullMarked
package warmfront.edge.behavior;

import org.jspecify.annotations.NullMarked;
