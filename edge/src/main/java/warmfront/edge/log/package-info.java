/**
 * Step 10, record: access logs in CloudFront's standard format, which go to buckets, and counters.
 *
 * <p>A request only adds to counters and, where its distribution is logged, puts one record into a
 * bounded queue. One thread writes the files. If it falls behind, or the disk fails, records are
 * dropped and counted; no request ever waits for a log. Finished files are compressed, and brought
 * to the bucket that is noted beside them; those of no bucket stay.
 */
@NullMarked
package warmfront.edge.log;

import org.jspecify.annotations.NullMarked;
