package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Entrance;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.edge.peer.Limits;

/** Three servers of one location, and a tenant whose objects they share. */
final class TenantPeersTest {
  @TempDir private Path folder;
  @AutoClose private final LiveLocation location;

  TenantPeersTest() throws IOException {
    location = new LiveLocation();
  }

  @Test
  void a_tenants_object_is_fetched_once_for_all_servers() throws IOException {
    location
        .started(folder, Limits.DEFAULT)
        .serving(
            List.of(policy("P")),
            distribution(
                    "EM",
                    List.of(),
                    origin("{{name}}.test", location.origin.port()),
                    behavior("*", "P"))
                .withEntrance(Entrance.PLAIN.withTenancy(new Tenancy(Map.of("name", "origin")))));
    location.change(
        new ConnectionGroup("cg_1", "d1.warmfront.localhost", true, true), LiveLocation.IDS);
    location.change(
        new Tenant(
            "dt_1",
            "EM",
            true,
            List.of(LiveLocation.HOST),
            Map.of(),
            "cg_1",
            Optional.empty(),
            Optional.empty()),
        LiveLocation.IDS);
    location.origin.says("/a", 200, "hello", "Cache-Control", "max-age=60");

    for (String id : LiveLocation.IDS) {
      assertThat(location.visitor(id).get("/a").body()).isEqualTo("hello");
    }

    assertThat(location.origin.asked).hasSize(1);
  }
}
