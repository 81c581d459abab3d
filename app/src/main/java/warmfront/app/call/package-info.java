/** Requests of ours to servers: signed ones to the API and S3, timed ones like a viewer's. */
@NullMarked
package warmfront.app.call;

import org.jspecify.annotations.NullMarked;
