/**
 * What an operator may set in {@code warmfront.yaml}: the keys, their defaults, and clear errors.
 */
@NullMarked
package warmfront.app.config;

import org.jspecify.annotations.NullMarked;
