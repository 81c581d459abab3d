/** HTTP's nouns: fields, targets, ranges, dates, conditions, cache-control (RFC 9110, 9111). */
@NullMarked
package warmfront.http;

import org.jspecify.annotations.NullMarked;
