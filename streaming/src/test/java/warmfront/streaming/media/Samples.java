package warmfront.streaming.media;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The small files in this package's resources, made by {@code make-samples} there. */
final class Samples {
  static final List<String> NAMES =
      List.of(
          "end.mp4",
          "front.mp4",
          "fragments.mp4",
          "beginning.mp4",
          "segments.mp4",
          "quicktime.mov",
          "keyframes.flv",
          "plain.flv",
          "constant.mp3",
          "variable.mp3",
          "hevc.mp4",
          "av1.mp4",
          "mp3.mp4",
          "sound.m4a");

  private Samples() {}

  static byte[] read(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }
}
