/** Writes values as JSON: the ready line, log lines, the operator's answers. */
@NullMarked
package warmfront.app.json;

import org.jspecify.annotations.NullMarked;
