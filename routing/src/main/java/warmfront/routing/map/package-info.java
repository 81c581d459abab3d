/**
 * From measurements, the operator's word and geography to a numbered map of candidates; its form on
 * disk and its changes.
 *
 * <p>Three parts. {@code MapMaker} lives in the control plane: it is told what edges measured and
 * makes an edition a minute. {@code LatencyMap} is what an edition says: for each range of viewers
 * an ordered list of locations. {@code MapHolder} lives in a DNS server: it takes editions and
 * keeps the last two on disk.
 *
 * <p>The estimate of a range of viewers ({@code /24}, {@code /48}) and a location is a mean of
 * logarithms of round-trip times, drawn toward what its autonomous system measured, and that toward
 * what geography says: a range without a sample is no stranger. What is measured loses half its
 * weight in six hours, and all of it when the level shifts. A range is sent elsewhere only for what
 * a viewer would notice, and stays while what it has is nearly as good as the best; of all lists
 * that are good enough, neighbours get the same, so that resolvers keep few answers (RFC 7871).
 */
@NullMarked
package warmfront.routing.map;

import org.jspecify.annotations.NullMarked;
