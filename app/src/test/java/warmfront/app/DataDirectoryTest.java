package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir private Path folder;

  @Test
  void one_process_holds_it_at_a_time() throws Exception {
    Path path = folder.resolve("data");
    try (DataDirectory held = DataDirectory.hold(path)) {
      assertThat(held.path()).isDirectory();
      assertThatThrownBy(() -> DataDirectory.hold(path))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("held by another process");
    }
    DataDirectory.hold(path).close();
  }

  @Test
  void what_a_newer_version_wrote_is_refused() throws Exception {
    Files.writeString(folder.resolve("format"), "2\n");

    assertThatThrownBy(() -> DataDirectory.hold(folder))
        .hasMessageContaining("format 2, written by a newer version; this one knows up to 1");
  }
}
