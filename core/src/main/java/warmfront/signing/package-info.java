/** Signatures of requests: AWS Signature Version 4. */
@NullMarked
package warmfront.signing;

import org.jspecify.annotations.NullMarked;
