package warmfront.app;

import java.nio.file.Path;
import java.util.Optional;
import warmfront.routing.TerrainFiles;

/** Packs the table of autonomous systems when the program is built, so that no start has to. */
final class PackedTables {
  private PackedTables() {}

  /** Takes the table, and the folder where it is kept what was made of it. */
  public static void main(String[] args) {
    var _ =
        TerrainFiles.read(
            new TerrainFiles.Tables(
                Optional.of(Path.of(args[0])),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Path.of(args[1]))));
  }
}
