/**
 * Looks for what could go wrong with a deployment: on this machine, with the zone's delegation, and
 * with the ways between its parts.
 *
 * <p>Each check gives findings: fine, worth knowing, or wrong with what to do about it. None of
 * them changes anything.
 */
@NullMarked
package warmfront.app.doctor;

import org.jspecify.annotations.NullMarked;
