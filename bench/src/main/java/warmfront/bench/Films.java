package warmfront.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The films that are played: a minute of 640x360 at 25 pictures, about 1 Mbit/s, and AAC. */
final class Films {
  /** The film with its header in front. */
  static final String FRONT = "front.mp4";

  /** The same with it at the end. */
  static final String END = "end.mp4";

  private Films() {}

  /** Makes both in a folder. */
  static void make(Path folder) throws IOException, InterruptedException {
    ffmpeg(
        folder,
        "-f lavfi -i testsrc2=s=640x360:r=25 -f lavfi -i sine=sample_rate=44100 -t 60"
            + " -c:v libx264 -preset veryfast -g 50 -bf 2 -b:v 1M -pix_fmt yuv420p"
            + " -c:a aac -b:a 96k "
            + END);
    ffmpeg(folder, "-i %s -c copy -movflags +faststart %s".formatted(END, FRONT));
  }

  private static void ffmpeg(Path folder, String arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("the film needs ffmpeg: apt-get install ffmpeg");
    }
  }
}
