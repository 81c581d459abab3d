package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Promise: {@code up} keeps to the rules of a process that serves. */
@TestMethodOrder(OrderAnnotation.class)
final class UpJourney {
  @TempDir private static Path folder;
  private static Warmfront warmfront;

  @BeforeAll
  static void up() throws Exception {
    warmfront = Warmfront.up(folder, Map.of());
  }

  @AfterAll
  static void end() {
    warmfront.close();
  }

  @Test
  @Order(1)
  void the_ready_line_has_exactly_the_promised_fields() {
    Map<String, Object> ready = warmfront.readyLine();

    assertThat(ready)
        .containsOnlyKeys(
            "ready", "api", "dns", "s3", "locations", "access_key_id", "secret_access_key")
        .containsEntry("ready", true)
        .containsEntry(
            "locations",
            Warmfront.LOCATIONS.entrySet().stream()
                .map(one -> Map.of("name", one.getKey(), "address", one.getValue()))
                .toList());
    assertThat(warmfront.api()).hasScheme("http").hasHost("127.0.0.1").hasPath("");
    assertThat(warmfront.s3()).hasScheme("http").hasHost("127.0.0.1").hasPath("");
    assertThat((String) ready.get("dns")).matches("127\\.0\\.0\\.1:[0-9]+");
    assertThat((String) ready.get("access_key_id")).matches("AKIA[A-Z0-9]{16}");
    assertThat((String) ready.get("secret_access_key")).hasSize(40);
  }

  @Test
  @Order(2)
  void a_second_process_on_the_same_data_is_refused() throws Exception {
    try (Program second = up(warmfront.data(), warmfront.config())) {
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.stdout()).isEmpty();
      assertThat(second.stderr())
          .contains(warmfront.data() + " is held by another process")
          .doesNotContain("\tat ");
    }
  }

  @Test
  @Order(3)
  void a_taken_port_is_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Path config =
          warmfront.settings().with("operator.listen", address).write(folder.resolve("taken.yaml"));

      try (Program second = up(folder.resolve("other"), config)) {
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.stderr()).contains(address).doesNotContain("\tat ");
      }
    }
  }

  @Test
  @Order(4)
  void the_viewers_taken_port_is_named() throws Exception {
    Path config =
        Settings.ofUp(new Ports(), List.copyOf(Warmfront.LOCATIONS.values()))
            .with("viewers.http", String.valueOf(warmfront.httpPort()))
            .write(folder.resolve("viewers.yaml"));

    try (Program second = up(folder.resolve("third"), config)) {
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.stdout()).isEmpty();
      assertThat(second.stderr())
          .contains("127.0.0.1:" + warmfront.httpPort())
          .doesNotContain("\tat ");
    }
  }

  @Test
  @Order(5)
  void an_unknown_key_is_an_error_that_names_the_nearest() throws Exception {
    Path config = Files.writeString(folder.resolve("wrong.yaml"), "api:\n  lisen: 127.0.0.1:1\n");

    try (Program second = up(folder.resolve("other"), config)) {
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.stderr()).contains("lisen").contains("listen").doesNotContain("\tat ");
    }
  }

  @Test
  @Order(6)
  void sigterm_ends_it_with_0_and_nothing_more_on_stdout() throws Exception {
    assertThat(warmfront.sigterm()).isZero();
    assertThat(warmfront.program().stdout()).isEmpty();
    assertThat(warmfront.program().stderr()).doesNotContain("\tat ");
  }

  private static Program up(Path data, Path config) throws Exception {
    return Program.start(folder, "up", "--data", data.toString(), "--config", config.toString());
  }
}
