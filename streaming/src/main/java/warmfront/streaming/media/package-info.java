/**
 * What is in a media file and where: MP4, FLV and MP3 as frames at times and offsets, known while
 * the file is fetched.
 */
@NullMarked
package warmfront.streaming.media;

import org.jspecify.annotations.NullMarked;
