package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec, a conformance test of HTTP/2 and HPACK by others, finds nothing. */
final class H2specTest {
  private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

  @TempDir private Path folder;

  @Test
  void h2spec_finds_nothing() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "h2spec is packed for Linux on x86-64 only");
    try (Edge edge = Edge.trusted()) {
      String report = run(edge.secure.getPort());

      assertThat(report).contains("146 passed, 0 skipped, 0 failed");
    }
  }

  private String run(int port) throws Exception {
    Path archive = folder.resolve("h2spec.tar.gz");
    try (InputStream packed = H2specTest.class.getResourceAsStream(ARCHIVE)) {
      assertThat(packed).isNotNull();
      Files.copy(packed, archive);
    }
    Process tar = process("tar", "xzf", archive.toString());
    assertThat(tar.waitFor()).isZero();
    Process spec =
        process(
            folder.resolve("h2spec").toString(),
            "--strict",
            "--tls",
            "--insecure",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--path",
            "/open?200000");
    String report = new String(spec.getInputStream().readAllBytes(), UTF_8);
    assertThat(spec.waitFor()).as(report).isZero();
    return report;
  }

  private Process process(String... command) throws Exception {
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }
}
