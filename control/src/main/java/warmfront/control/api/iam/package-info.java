/**
 * AWS IAM's API, as far as server certificates go: forms and XML on the port of CloudFront's API,
 * told from that by {@code Action}.
 */
@NullMarked
package warmfront.control.api.iam;

import org.jspecify.annotations.NullMarked;
