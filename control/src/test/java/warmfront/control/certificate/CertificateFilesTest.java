package warmfront.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.link.Pem;
import warmfront.time.ManualClock;

/** The operator's own certificate, and its replacement. */
final class CertificateFilesTest {
  private static final Duration LOOK = Duration.ofSeconds(1);

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T12:00:00Z"));
  private Authority authority;
  private Path chain;
  private Path key;
  private int writes;

  @BeforeEach
  void start() throws IOException {
    authority =
        Authority.loadOrMake(
            folder, new SecretKeySpec(new byte[32], "AES"), clock, new SecureRandom());
    chain = folder.resolve("api.pem");
    key = folder.resolve("api.key");
  }

  private Authority.Issued issued() {
    return authority.api(List.of("api.example.net"));
  }

  private void write(Path file, String pem) throws IOException {
    Files.writeString(file, pem);
    // Two writes may be within one tick of the file system's clock.
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * ++writes));
  }

  @Test
  void it_is_shown_and_replaced_when_both_files_are() throws IOException {
    Authority.Issued first = issued();
    write(chain, Pem.of(first.chain()));
    write(key, Pem.of(first.key()));
    CertificateFiles files = new CertificateFiles(chain, key, clock);
    assertThat(files.current().chain()).isEqualTo(first.chain());

    Authority.Issued second = issued();
    write(chain, Pem.of(second.chain()));
    clock.advance(LOOK);
    assertThat(files.current().chain()).as("without its key").isEqualTo(first.chain());
    write(key, Pem.of(second.key()));
    assertThat(files.current().chain()).as("not looked at yet").isEqualTo(first.chain());
    clock.advance(LOOK);
    assertThat(files.current().chain()).isEqualTo(second.chain());
    assertThat(files.current().key()).isEqualTo(second.key());

    write(chain, "nothing");
    clock.advance(LOOK);
    assertThat(files.current().chain()).isEqualTo(second.chain());
    Files.delete(key);
    clock.advance(LOOK);
    assertThat(files.current().chain()).isEqualTo(second.chain());
  }

  @Test
  void what_cannot_be_shown_is_refused_at_the_start() throws IOException {
    assertThatThrownBy(() -> new CertificateFiles(chain, key, clock))
        .isInstanceOf(NoSuchFileException.class);
    write(chain, Pem.of(issued().chain()));
    write(key, Pem.of(issued().key()));
    assertThatThrownBy(() -> new CertificateFiles(chain, key, clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not that of the certificate");
  }
}
