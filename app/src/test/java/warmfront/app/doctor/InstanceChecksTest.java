package warmfront.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.config.Config;
import warmfront.app.doctor.Finding.Grade;

final class InstanceChecksTest {
  @TempDir private Path folder;

  @Test
  void what_keeps_an_instance_from_being_ready_is_said() {
    assertThat(InstanceChecks.ready(503, "control is not there\nno zone\n"))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.grade()).isEqualTo(Grade.WRONG);
          assertThat(one.text()).contains("control is not there; no zone");
        });
    assertThat(InstanceChecks.ready(200, "ready\nlocation NRT: dead\n"))
        .extracting(Finding::grade)
        .containsExactly(Grade.OK, Grade.NOTE);
  }

  @Test
  void a_certificate_that_is_not_renewed_is_seen_before_it_ends() {
    String metrics =
        """
        # TYPE warmfront_certificate_days_left gauge
        warmfront_certificate_days_left{of="zone"} 25.5
        warmfront_certificate_days_left{of="server"} 9.0
        """;
    assertThat(InstanceChecks.certificates(metrics))
        .extracting(Finding::grade)
        .containsExactly(Grade.OK, Grade.WRONG);
  }

  @Test
  void clocks_are_compared() {
    Instant now = Instant.parse("2026-11-29T12:00:10Z");
    assertThat(InstanceChecks.clock(Optional.of("Sun, 29 Nov 2026 12:00:09 GMT"), now).grade())
        .isEqualTo(Grade.OK);
    assertThat(InstanceChecks.clock(Optional.of("Sun, 29 Nov 2026 12:01:09 GMT"), now).text())
        .contains("differ by 59 s");
    assertThat(InstanceChecks.clock(Optional.empty(), now).grade()).isEqualTo(Grade.NOTE);
  }

  @Test
  void each_active_server_is_tried() throws Exception {
    int closed;
    try (ServerSocket gone = new ServerSocket()) {
      gone.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      closed = gone.getLocalPort();
    }
    try (ServerSocket open = new ServerSocket()) {
      open.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String list =
          """
          dns-1  routing  FRA  active  live  revision 9  dns://127.0.0.1:%d heartbeat://127.0.0.1:1
          fra-1  edge  FRA  active  live lapsed  revision 9  http://127.0.0.1:%d peer://127.0.0.1:1
          old-1  edge  FRA  revoked  gone  revision 2  http://127.0.0.1:1
          """
              .formatted(open.getLocalPort(), closed);
      assertThat(InstanceChecks.servers(list))
          .extracting(Finding::toString)
          .satisfiesExactly(
              first -> assertThat(first).startsWith("ok     dns-1").contains("is reached"),
              second -> assertThat(second).startsWith("WRONG  fra-1").contains("is not reached"));
    }
  }

  @Test
  void a_folder_that_cannot_be_one_is_wrong() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    List<Finding> found = DiskChecks.of(Config.defaults().withData(file));

    assertThat(found)
        .anyMatch(one -> one.grade() == Grade.WRONG && one.text().contains("is not a directory"));
    assertThat(DiskChecks.of(Config.defaults().withData(folder.resolve("new"))))
        .noneMatch(one -> one.text().contains("is not a directory"));
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void other_servers_of_the_location_that_fail_are_told_of() {
    assertThat(InstanceChecks.peers("warmfront_edge_peers 0.0\nwarmfront_edge_peers_skipped 0.0\n"))
        .isEmpty();
    assertThat(InstanceChecks.peers("warmfront_edge_peers 2.0\nwarmfront_edge_peers_skipped 0.0\n"))
        .extracting(Finding::grade)
        .containsExactly(Grade.OK);
    assertThat(InstanceChecks.peers("warmfront_edge_peers 2.0\nwarmfront_edge_peers_skipped 1.0\n"))
        .singleElement()
        .satisfies(
            one -> assertThat(one.toString()).startsWith("WRONG").contains("1 of the 2", "7403"));
  }
}
