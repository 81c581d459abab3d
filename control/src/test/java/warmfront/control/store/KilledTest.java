package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.snapshot.Chain;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;

final class KilledTest {
  private static final int ACKNOWLEDGED = 100;

  @TempDir private Path folder;

  @Test
  void what_was_acknowledged_before_a_kill_is_there() throws IOException, InterruptedException {
    writeAndCheck(1);
  }

  @Test
  @Tag("full")
  void what_was_acknowledged_before_each_of_many_kills_is_there()
      throws IOException, InterruptedException {
    writeAndCheck(5);
  }

  private void writeAndCheck(int kills) throws IOException, InterruptedException {
    Path file = folder.resolve("store.db");
    long acknowledged = 0;
    for (int kill = 0; kill < kills; kill++) {
      acknowledged = writeAndKill(file);

      try (Store store = Store.open(file.toString(), new SecretKeySpec(new byte[32], "AES"))) {
        LogHead head = store.head();
        assertThat(head.revision()).isBetween(acknowledged, acknowledged + ACKNOWLEDGED);
        assertThat(chainOf(store)).isEqualTo(head.chain());
        assertThat(store.picture().entries()).hasSize((int) head.revision());
      }
    }
    assertThat(acknowledged).isGreaterThanOrEqualTo((long) kills * ACKNOWLEDGED);
  }

  private static long writeAndKill(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WritesForever.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
      long last = 0;
      for (int i = 0; i < ACKNOWLEDGED; i++) {
        String line = said.readLine();
        assertThat(line).as("the process that writes ended by itself").isNotNull();
        last = Long.parseLong(line);
      }
      return last;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Chain chainOf(Store store) {
    Chain chain = Chain.EMPTY;
    List<LogEntry> entries = store.after(0, 100_000);
    for (LogEntry entry : entries) {
      chain = SnapshotCodec.chain(chain, entry);
    }
    return chain;
  }
}
