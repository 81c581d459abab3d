/**
 * How far viewers are: round-trip times as edges measure them, and the maps made of them, as they
 * travel.
 *
 * <p>Edges measure, the control plane makes maps, DNS servers answer from them. None of them sees
 * another; what passes between them is here.
 */
@NullMarked
package warmfront.rtt;

import org.jspecify.annotations.NullMarked;
