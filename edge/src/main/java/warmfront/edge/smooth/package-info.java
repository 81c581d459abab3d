/**
 * Smooth Streaming out of stored files: what a path asks for, and where in which file it lies.
 *
 * <p>A presentation is a server manifest ({@code .ism}), a client manifest ({@code .ismc}) and
 * files of fragments ({@code .ismv}, {@code .isma}), as encoders write them. Players ask for {@code
 * film.ism/Manifest} and {@code film.ism/QualityLevels(BITRATE)/Fragments(STREAM=TIME)}, which are
 * no objects of the origin (Microsoft, "[MS-SSTR]: Smooth Streaming Protocol"; CloudFront,
 * "Configure video on demand for Microsoft Smooth Streaming").
 */
@NullMarked
package warmfront.edge.smooth;

import org.jspecify.annotations.NullMarked;
