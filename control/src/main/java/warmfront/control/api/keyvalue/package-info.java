/**
 * CloudFront KeyValueStore's API, which reads and changes pairs: JSON on the port of CloudFront's
 * API, told from that by its paths.
 */
@NullMarked
package warmfront.control.api.keyvalue;

import org.jspecify.annotations.NullMarked;
