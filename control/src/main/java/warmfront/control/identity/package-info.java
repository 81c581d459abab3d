/**
 * Who may change what, and who belongs to the fleet: users, their keys and policies, one-time
 * tokens, servers.
 */
@NullMarked
package warmfront.control.identity;

import org.jspecify.annotations.NullMarked;
