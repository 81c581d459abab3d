package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyFileTest {
  @TempDir private Path folder;

  @Test
  void a_key_is_made_once_for_its_owner_alone() throws IOException {
    Path file = folder.resolve("seal.key");

    byte[] made = KeyFile.loadOrMake(file, new SecureRandom()).getEncoded();

    assertThat(KeyFile.loadOrMake(file, new SecureRandom()).getEncoded()).isEqualTo(made);
    assertThat(made).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_key_that_others_may_read_or_of_another_length_is_refused() throws IOException {
    Path file = folder.resolve("seal.key");
    KeyFile.loadOrMake(file, new SecureRandom());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path cut = folder.resolve("cut.key");
    KeyFile.write(cut, new byte[31]);

    assertThatThrownBy(() -> KeyFile.loadOrMake(file, new SecureRandom()))
        .hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> KeyFile.loadOrMake(cut, new SecureRandom()))
        .hasMessageContaining("31 bytes");
  }
}
