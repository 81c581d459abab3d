package warmfront.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.Kept;
import warmfront.control.store.Store;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;

final class IdentityTest {
  @TempDir private Path folder;

  @Test
  void the_root_key_is_made_once_and_for_its_owner_alone() throws IOException {
    AccessKeys made = AccessKeys.loadOrMake(folder, new SecureRandom());
    AccessKeys again = AccessKeys.loadOrMake(folder, new SecureRandom());

    assertThat(made.root()).isEqualTo(again.root());
    assertThat(made.root().accessKeyId()).matches("AKIA[A-Z2-7]{16}");
    assertThat(made.root().secretAccessKey()).hasSize(40);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("root-key.json"))))
        .isEqualTo("rw-------");
    assertThat(made.root().toString()).doesNotContain(made.root().secretAccessKey());
  }

  @Test
  void a_root_key_that_is_not_ours_is_refused() throws IOException {
    Files.writeString(folder.resolve("root-key.json"), "{\"access_key\":\"x\"}");

    assertThatThrownBy(() -> AccessKeys.loadOrMake(folder, new SecureRandom()))
        .hasMessageContaining("access_key");
  }

  @Test
  void the_fleet_is_kept_whole() {
    try (Store store =
        Store.open(Kept.chosen().url(folder), new SecretKeySpec(new byte[32], "AES"))) {
      Fleet fleet = new Fleet(store);

      assertThat(fleet.register(server("edge-1"))).isInstanceOf(Fleet.Outcome.Refused.class);
      assertThat(fleet.register(location("FRA", Optional.of("CMH"))))
          .isInstanceOf(Fleet.Outcome.Refused.class);
      fleet.register(location("CMH", Optional.empty()));
      fleet.register(location("FRA", Optional.of("CMH")));
      fleet.register(server("edge-1"));
      assertThat(fleet.register(server("edge-1")))
          .as("the same again changes nothing")
          .isEqualTo(new Fleet.Outcome.Changed(3));
      assertThat(fleet.removeLocation("CMH")).isInstanceOf(Fleet.Outcome.Refused.class);
      assertThat(fleet.removeLocation("FRA")).isInstanceOf(Fleet.Outcome.Refused.class);
      fleet.drain("edge-1");
      assertThat(fleet.servers().getFirst().state()).isEqualTo(Server.State.DRAINING);
      fleet.revoke("edge-1");
      assertThat(fleet.activate("edge-1")).isInstanceOf(Fleet.Outcome.Refused.class);
      fleet.removeServer("edge-1");
      fleet.removeLocation("FRA");
      assertThat(fleet.locations()).extracting(Location::id).containsExactly("CMH");
      assertThat(fleet.servers()).isEmpty();
      assertThat(fleet.drain("nobody")).isInstanceOf(Fleet.Outcome.Refused.class);
    }
  }

  private static Location location(String code, Optional<String> parent) {
    return new Location(code, "City", "DE", 1, 2, PriceClass.PRICE_CLASS_100, 10, parent);
  }

  private static Server server(String id) {
    return new Server(
        id, Server.Role.EDGE, "FRA", List.of(), List.of(), List.of(), 1, Server.State.ACTIVE);
  }
}
