/** An edge alone, without a control plane, for measurements beside other servers. */
@NullMarked
package warmfront.app.bench;

import org.jspecify.annotations.NullMarked;
