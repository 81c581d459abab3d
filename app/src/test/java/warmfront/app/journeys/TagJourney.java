package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: invalidating a cache tag reaches the objects that have it, and no other. */
final class TagJourney {
  private static final String TV = "/tv";
  private static final String RADIO = "/radio";

  @TempDir private static Path folder;

  @Test
  void a_tag_takes_its_objects_out_of_memory_and_disk_and_leaves_the_others() throws Exception {
    try (Origin origin = Origin.open();
        Warmfront warmfront = Warmfront.up(folder, Map.of())) {
      // given two objects that share a tag and have one each
      origin.tags(TV, "category:electronics, product:TV");
      origin.tags(RADIO, "category:electronics, product:radio");
      all(origin, "first");
      Api.Made made;
      try (Api api = new Api(warmfront.callApi())) {
        made = api.createDistribution(Api.tagged("tags", origin.port(), Origin.TAG_FIELD));
        assertThat(read(warmfront, made)).containsExactly("Miss first", "Miss first");
        assertThat(read(warmfront, made)).containsExactly("Hit first", "Hit first");

        // when one's own tag is invalidated, written otherwise
        all(origin, "second");
        api.invalidate(made.id(), "one", "#Product:tv");

        // then it alone is fetched anew, and the tags are shown as the origin sent them
        assertThat(read(warmfront, made)).containsExactly("Miss second", "Hit first");
        assertThat(read(warmfront, made)).containsExactly("Hit second", "Hit first");
        assertThat(get(warmfront, made, TV).field(Origin.TAG_FIELD))
            .isEqualTo("category:electronics, product:TV");
        Await.until("both are on disk", () -> warmfront.figure("warmfront_cache_disk_objects") > 1);
      }

      // when it starts again, and the other's tag is invalidated
      warmfront.kill();
      warmfront.restart();
      try (Api api = new Api(warmfront.callApi())) {
        assertThat(get(warmfront, made, TV).cache()).isEqualTo("Hit");
        api.invalidate(made.id(), "two", "#product:radio", "/not-there");
        assertThat(read(warmfront, made)).containsExactly("Hit second", "Miss second");

        // and when what they share is invalidated
        all(origin, "third");
        api.invalidate(made.id(), "three", "#category:electronics");
        assertThat(read(warmfront, made)).containsExactly("Miss third", "Miss third");
      }
      assertThat(warmfront.sigterm()).isZero();
    }
  }

  private static void all(Origin origin, String body) {
    origin.says(TV, 200, "max-age=3600", body);
    origin.says(RADIO, 200, "max-age=3600", body);
  }

  private static List<String> read(Warmfront warmfront, Api.Made made) throws Exception {
    return List.of(seen(get(warmfront, made, TV)), seen(get(warmfront, made, RADIO)));
  }

  private static String seen(Viewer.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return answer.cache() + " " + answer.body();
  }

  private static Viewer.Answer get(Warmfront warmfront, Api.Made made, String path)
      throws Exception {
    return Viewer.get(warmfront.http("FRA"), made.domainName(), path);
  }
}
