package warmfront.edge.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
  @TempDir private Path directory;

  @Test
  void a_file_that_made_room_while_it_was_compressed_is_gone_and_counted_once() throws IOException {
    Spool spool = new Spool(directory, 100);
    Path first = file("first.log", 60);
    spool.add(first);
    Path compressed = file("first.gz", 10);
    spool.add(file("second.log", 60));

    assertThat(first).doesNotExist();
    assertThat(spool.replace(first, compressed)).isFalse();
    assertThat(compressed).doesNotExist();
    assertThat(spool.dropped()).isOne();
    assertThat(spool.bytes()).isEqualTo(60);
  }

  @Test
  void a_compressed_file_takes_the_place_of_what_it_was() throws IOException {
    Spool spool = new Spool(directory, 100);
    Path open = file("first.log", 60);
    spool.add(open);
    Path compressed = file("first.gz", 10);

    assertThat(spool.replace(open, compressed)).isTrue();
    assertThat(spool.bytes()).isEqualTo(10);
    assertThat(spool.dropped()).isZero();
  }

  /** Makes a file in the folder of files that go somewhere. */
  private Path file(String name, int bytes) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("E1~0"));
    return Files.write(folder.resolve(name), new byte[bytes]);
  }
}
