/** The operator's port: metrics, health, readiness and what the process knows, read-only. */
@NullMarked
package warmfront.app.operator;

import org.jspecify.annotations.NullMarked;
