/**
 * How what was changed reaches the edges and DNS servers, and how far it has come.
 *
 * <p>The log is the only channel. A stream per server sends entries in their order; each server
 * answers with one number, up to which it has and obeys the log, and with what it could not obey.
 * From these numbers alone follow {@code Deployed} and {@code Completed}: the truth about a change
 * is the least number among the servers that viewers may reach. A server that fell silent counts
 * until DNS has left it and the last answer that named it has expired.
 */
@NullMarked
package warmfront.control.publish;

import org.jspecify.annotations.NullMarked;
