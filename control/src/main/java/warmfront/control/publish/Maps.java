package warmfront.control.publish;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import warmfront.rtt.MapSource;
import warmfront.rtt.RttReport;

/**
 * Where latency maps for the fleet come from, and where measurements go to. Both are called by the
 * threads of streams: they are thread-safe and do not wait.
 *
 * @param source the maps
 * @param reports takes what edges measured; who it was is known and the rows are well-formed, what
 *     they say may be a lie
 * @param versions hears which version of the map a server comes with
 */
public record Maps(MapSource source, Consumer<RttReport> reports, LongConsumer versions) {}
