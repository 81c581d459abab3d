package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.LiveLocation.IDS;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Remedies;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.peer.Limits;

/** What viewers get of an object that another server of the location keeps. */
final class DressedPeersTest {
  private static final String PAGE = "<li>A line of a list, as lists have them</li>\n".repeat(100);

  @AutoClose private final LiveLocation location;

  DressedPeersTest(@TempDir Path folder) throws IOException {
    location = new LiveLocation().started(folder, Limits.DEFAULT);
    location.serving(List.of(policy("P")), behavior("*", "P"));
    location.change(
        new ResponseHeadersPolicy(
            "R",
            "R",
            List.of("X-Powered-By"),
            Optional.of(
                new ResponseHeadersPolicy.Cors(
                    false,
                    List.of("*"),
                    List.of("GET"),
                    List.of("https://*.example.org"),
                    List.of(),
                    OptionalInt.empty(),
                    false)),
            List.of(new ResponseHeadersPolicy.Header("X-Frame-Options", "DENY", false)),
            OptionalInt.of(1_000_000)),
        IDS);
    location.change(
        distribution(
                "EA",
                List.of(LiveLocation.HOST),
                Pictures.origin("origin.test", location.origin.port()),
                behavior("*", "P")
                    .withOptions(
                        new Behavior.Options(
                            Optional.empty(),
                            Optional.of("R"),
                            Optional.empty(),
                            Behavior.Signers.NONE,
                            Set.of(Behavior.Trait.COMPRESS))))
            .withRemedies(new Remedies(Map.of(404, new Remedies.Page("/sorry", 200)), List.of())),
        IDS);
  }

  @Test
  void servers_give_one_another_bare_objects_and_each_dresses_them_for_its_viewer()
      throws IOException {
    location.origin.says("/a", 200, PAGE, "Content-Type", "text/css", "X-Powered-By", "PHP");

    for (int round = 0; round < 3; round++) {
      for (String id : IDS) {
        String from = "https://" + id + ".example.org";
        Answer answer = location.visitor(id).get("/a", "Accept-Encoding", "br", "Origin", from);

        assertThat(answer.field("Content-Encoding")).isEqualTo("br");
        assertThat(answer.fields().all("Access-Control-Allow-Origin")).containsExactly(from);
        assertThat(answer.fields().all("X-Frame-Options")).containsExactly("DENY");
        assertThat(answer.fields().all("Server-Timing")).hasSize(1);
        assertThat(answer.fields().has("X-Powered-By")).isFalse();
        assertThat(answer.field("Vary")).contains("Accept-Encoding", "Origin");
      }
    }
    assertThat(location.origin.asked).hasSize(1);
    assertThat(IDS.stream().mapToLong(id -> location.edge(id).counters().coding().bodies()).sum())
        .isEqualTo(1);
  }

  @Test
  void an_error_that_another_server_keeps_has_its_page() throws IOException {
    location.origin.says("/missing", 404, "no").says("/sorry", 200, "sorry");

    for (String id : IDS) {
      Answer answer = location.visitor(id).get("/missing");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("sorry");
      assertThat(answer.field("X-Cache")).isEqualTo("Error from cloudfront");
    }
    assertThat(location.origin.asked).hasSize(2);
  }
}
