package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.signing.Credentials;

/** Promise: what was there before a kill is there after it. */
final class RestartJourney {
  private static final String BODY = "kept on disk ".repeat(20_000);

  @TempDir private static Path folder;

  @Test
  void a_killed_process_comes_back_with_everything() throws Exception {
    try (Origin origin = Origin.open();
        Warmfront warmfront = Warmfront.up(folder, Map.of())) {
      // given a distribution, an invalidation and an object on disk
      origin.says("/kept", 200, "max-age=3600", BODY);
      Credentials key = warmfront.key();
      Api.Made made;
      String invalidation;
      List<String> before;
      try (Api api = new Api(warmfront.callApi())) {
        made = api.createDistribution(Api.plain("restart", origin.port()));
        invalidation = api.invalidate(made.id(), "restart", "/other");
        before = state(api, made.id());
      }
      assertThat(get(warmfront, made).cache()).isEqualTo("Miss");
      assertThat(get(warmfront, made).cache()).isEqualTo("Hit");
      Await.until(
          "the object is on disk", () -> warmfront.figure("warmfront_cache_disk_objects") > 0);

      // when it is killed, and its origin is gone
      warmfront.kill();
      origin.stop();
      warmfront.restart();

      // then all is as it was
      assertThat(warmfront.key()).isEqualTo(key);
      try (Api api = new Api(warmfront.callApi())) {
        assertThat(state(api, made.id())).isEqualTo(before);
        assertThat(before.getLast()).contains(invalidation);
      }
      Viewer.Answer answer = get(warmfront, made);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.cache()).isEqualTo("Hit");
      assertThat(answer.body()).isEqualTo(BODY);
      assertThat(warmfront.sigterm()).isZero();
    }
  }

  private static Viewer.Answer get(Warmfront warmfront, Api.Made made) throws Exception {
    return Viewer.get(warmfront.http("FRA"), made.domainName(), "/kept");
  }

  private static List<String> state(Api api, String id) throws Exception {
    Api.Answer distribution = api.call("GET", "distribution/" + id, "");
    assertThat(distribution.status()).isEqualTo(200);
    assertThat(distribution.text("Status")).isEqualTo("Deployed");
    Api.Answer list = api.call("GET", "distribution", "");
    Api.Answer invalidations = api.call("GET", "distribution/" + id + "/invalidation", "");
    return List.of(
        distribution.etag().orElseThrow(),
        withoutProgress(distribution.body()),
        withoutProgress(list.body()),
        invalidations.body());
  }

  /** How many invalidations are under way, is of the moment. */
  private static String withoutProgress(String body) {
    return body.replaceAll("<InProgressInvalidationBatches>[0-9]+<", "<");
  }
}
