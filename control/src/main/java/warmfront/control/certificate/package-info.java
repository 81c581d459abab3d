/**
 * The fleet's own authority, for certificates of its servers, of its zone and of sites, a public
 * one that is asked by ACME, and what is asked of certificates that others issued.
 */
@NullMarked
package warmfront.control.certificate;

import org.jspecify.annotations.NullMarked;
