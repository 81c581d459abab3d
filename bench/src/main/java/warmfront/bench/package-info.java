/**
 * Measurements of this build, beside other servers. One driver is origin and load at once, on a
 * core of its own; the servers take turns on another core, and what is compared is the CPU time
 * that the kernel charged to each of them.
 */
@NullMarked
package warmfront.bench;

import org.jspecify.annotations.NullMarked;
