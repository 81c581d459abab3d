/**
 * The embedded S3 of an all-in-one process: buckets and objects in a folder, behind one interface.
 */
@NullMarked
package warmfront.app.s3;

import org.jspecify.annotations.NullMarked;
