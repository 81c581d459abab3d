/**
 * One journey per promise: real processes of the program, asked over real sockets as anyone would.
 */
@NullMarked
package warmfront.app.journeys;

import org.jspecify.annotations.NullMarked;
