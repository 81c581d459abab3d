/**
 * How far each edge location is from each range of viewers, in milliseconds, and the ranges.
 *
 * <p>The address space of a family is cut into units, the smallest ranges that get an answer of
 * their own: a /24 of IPv4, a /56 of IPv6. {@link warmfront.routing.latency.Ranges} gives each unit
 * one value, as a step function; laying one table over another is one walk over both. Because each
 * unit has exactly one value, cutting the steps into aligned blocks gives prefixes that never
 * overlap ({@link warmfront.routing.latency.PrefixMap}), and the length of such a prefix is an
 * honest scope for a client-subnet answer: whoever is within it gets the same answer, and no other
 * answer's scope reaches into it (RFC 7871, section 7.2.1).
 */
@NullMarked
package warmfront.routing.latency;

import org.jspecify.annotations.NullMarked;
