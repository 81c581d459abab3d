package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskSpaceTest {
  @TempDir Path directory;

  @Test
  void what_is_not_said_is_measured() throws IOException {
    DiskSpace space = DiskSpace.measured(directory.resolve("a/b"), 0, 0);

    long total = Files.getFileStore(directory).getTotalSpace();
    assertThat(space.sizeBytes()).isPositive().isLessThanOrEqualTo(total / 100 * 80);
    assertThat(space.reserveBytes()).isEqualTo(total / 100 * 5);
    assertThat(space.share("FRA", 5).sizeBytes()).isEqualTo(space.sizeBytes() / 5);
  }

  @Test
  void what_is_said_counts() throws IOException {
    assertThat(DiskSpace.measured(directory, 5 << 20, 7))
        .isEqualTo(new DiskSpace(directory, 5 << 20, 7));
  }
}
