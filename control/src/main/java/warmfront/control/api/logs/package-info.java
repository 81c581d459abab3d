/**
 * Amazon CloudWatch Logs' API, as far as deliveries of CloudFront's access logs go: JSON 1.1 on the
 * port of CloudFront's API, told from that by {@code X-Amz-Target}.
 */
@NullMarked
package warmfront.control.api.logs;

import org.jspecify.annotations.NullMarked;
