package warmfront.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Something that is measured in a folder of its own, and that numbers of a command line change. */
@FunctionalInterface
interface Measurement {
  /** Measures, and writes down what came of it. */
  void run(Ground ground, int[] numbers) throws Exception;

  /**
   * Has it run; ends the program with what may be said, if something else was.
   *
   * @param usage the command's name, and names of its numbers
   * @param arguments numbers from 1 to 9999, the first of them, in order
   * @param standard what they are where nothing is said
   */
  static void run(Measurement measurement, String usage, String[] arguments, int... standard)
      throws Exception {
    int[] numbers = standard.clone();
    for (int i = 0; i < arguments.length; i++) {
      if (i >= numbers.length || !arguments[i].matches("[1-9][0-9]{0,3}")) {
        System.err.println("usage: ./warmfront bench " + usage);
        System.exit(2);
      }
      numbers[i] = Integer.parseInt(arguments[i]);
    }
    Path folder = Files.createTempDirectory("warmfront-bench-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      measurement.run(Ground.given(folder), numbers);
    } finally {
      Folders.delete(folder);
    }
  }
}
