/**
 * AWS Certificate Manager's API, for certificates that are imported and those that are requested:
 * JSON 1.1 on the port of CloudFront's API, told from that by {@code X-Amz-Target}.
 */
@NullMarked
package warmfront.control.api.acm;

import org.jspecify.annotations.NullMarked;
