/**
 * CloudFront's API: an HTTP server that knows all operations and has behaviour for those that are
 * there yet. Model classes end here: they are compiled into distribution records for the log.
 */
@NullMarked
package warmfront.control.api;

import org.jspecify.annotations.NullMarked;
