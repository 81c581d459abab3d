package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.Options;
import warmfront.distribution.Behavior.Signers;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.NameSet;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Counters;
import warmfront.edge.step.Reason;
import warmfront.snapshot.Subscriber.Verdict;

/** A whole edge before a site whose films are only for those who show a signature. */
final class SignedTest {
  private static final String URL = "http://www.example.com";

  private final Signer signer = new Signer("K1");
  private final Signer other = new Signer("K2");
  private long end;

  @AutoClose private final LiveEdge live;

  SignedTest(@TempDir Path data) throws IOException {
    live =
        new LiveEdge(
            data,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 0, 0),
            Visits.FRA);
  }

  @BeforeEach
  void serve() {
    live.serving(List.of(policy("P", NameSet.NONE, NameSet.ALL, NameSet.ALL)), behavior("*", "P"));
    for (var resource :
        List.of(
            signer.key(),
            other.key(),
            new KeyGroup("G", List.of("K1")),
            site(new Signers(false, List.of("G"))))) {
      assertThat(live.change(resource)).isEqualTo(new Verdict.Applied());
    }
    end = live.clock.now().getEpochSecond() + 60;
    live.origin.says("/films/a", 200, "film");
    live.origin.says("/free", 200, "free");
  }

  private Distribution site(Signers signers) {
    Behavior films =
        behavior("/films/*", "P")
            .withOptions(
                new Options(
                    Optional.empty(), Optional.empty(), Optional.empty(), signers, Set.of()));
    return distribution(
        "EA",
        List.of(LiveEdge.HOST),
        origin("origin.test", live.origin.port()),
        behavior("*", "P"),
        films);
  }

  @Test
  void those_who_show_a_signature_share_one_object_and_others_get_403() throws IOException {
    Answer unsigned = live.visitor().get("/films/a");
    Answer first = get("/films/a?" + signer.canned(URL + "/films/a", end));
    Answer second = get("/films/a?" + signer.canned(URL + "/films/a", end + 1));
    Answer third = get("/films/a", "Cookie", signer.cookies(URL + "/films/*", end));
    Answer free = get("/free");
    live.clock.advance(Duration.ofMinutes(1));
    Answer late = get("/films/a?" + signer.canned(URL + "/films/a", end));

    assertThat(unsigned.status()).isEqualTo(403);
    assertThat(unsigned.field("X-Cache")).isEqualTo("Error from cloudfront");
    assertThat(first.body()).isEqualTo("film");
    assertThat(second.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(third.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(free.status()).isEqualTo(200);
    assertThat(late.status()).isEqualTo(403);
    assertThat(live.origin.asked).hasSize(2);
    assertThat(live.origin.asked.getFirst())
        .startsWith("GET /films/a ")
        .doesNotContain("Signature");
    live.awaitFinished(6);
    assertThat(live.edge().counters().requests().refused())
        .contains(new Counters.Refusals("FRA", Reason.NOT_SIGNED, 2));
  }

  @Test
  void whom_to_trust_is_learned_while_it_runs() throws IOException {
    String signed = "/films/a?" + other.canned(URL + "/films/a", end);

    assertThat(get(signed).status()).isEqualTo(403);
    assertThat(live.change(new KeyGroup("G", List.of("K1", "K2"))))
        .isEqualTo(new Verdict.Applied());
    assertThat(get(signed).status()).isEqualTo(200);
    assertThat(live.change(new KeyGroup("G", List.of("K1")))).isEqualTo(new Verdict.Applied());
    assertThat(get(signed).status()).isEqualTo(403);
    assertThat(live.change(new KeyGroup("G", List.of("K3")))).isInstanceOf(Verdict.Rejected.class);

    Signer third = new Signer("K3");
    live.change(site(new Signers(true, List.of())));
    assertThat(get(signed).status()).as("any key").isEqualTo(200);
    String later = "/films/a?" + third.canned(URL + "/films/a", end);
    assertThat(get(later).status()).isEqualTo(403);
    live.change(third.key());
    assertThat(get(later).status()).as("a key that came later").isEqualTo(200);
  }

  @Test
  void a_viewer_from_a_country_that_is_not_served_is_403() throws IOException {
    live.change(
        site(Signers.NONE)
            .withEntrance(
                new Entrance(
                    false, Optional.empty(), new Geography(Geography.Rule.ALL_BUT, Set.of("JP")))));
    assertThat(get("/free").status()).as("of no known country").isEqualTo(200);
    live.edge().consult(_ -> Optional.of("JP"));
    assertThat(get("/free").status()).isEqualTo(403);
    live.edge().consult(_ -> Optional.of("DE"));
    assertThat(get("/free").status()).isEqualTo(200);
    live.awaitFinished(3);
    assertThat(live.edge().counters().requests().refused())
        .contains(new Counters.Refusals("FRA", Reason.GEO_BLOCKED, 1));
  }

  private Answer get(String target, String... fields) throws IOException {
    return live.visitor().get(target, fields);
  }
}
