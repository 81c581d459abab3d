/**
 * The fleet's own authority, for certificates of its servers and of its zone, and what is asked of
 * certificates that others issued.
 */
@NullMarked
package warmfront.control.certificate;

import org.jspecify.annotations.NullMarked;
