/** The fleet's own authority: certificates of its servers and of its zone. */
@NullMarked
package warmfront.control.certificate;

import org.jspecify.annotations.NullMarked;
