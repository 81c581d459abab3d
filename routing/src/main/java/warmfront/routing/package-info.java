/**
 * Which edge location for this viewer.
 *
 * <p>Three things change at their own pace and are compiled apart, then swapped together by one
 * reference. {@code Geography}: which order of locations is best for which range of viewers;
 * changes with the fleet's locations and the tables. {@code Names} and {@code Sites}: which names
 * exist; change with each publication. {@code Standing}: which servers serve; changes with
 * heartbeats. A query is then a look-up of a name, a binary search over ranges, and a walk down a
 * list to the first location that may and can serve.
 *
 * <p>The scope of an answer is the length of the range that gave the list (RFC 7871). It depends
 * neither on the name nor on health, so two answers whose scopes overlap are the same answer.
 */
@NullMarked
package warmfront.routing;

import org.jspecify.annotations.NullMarked;
