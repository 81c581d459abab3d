package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Invalidation;
import warmfront.edge.step.CacheKey;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;

final class InvalidationsTest {
  private static final String ALPHABET = "ab/";

  @Test
  void they_kill_what_a_naive_search_kills() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Snapshot.Versioned> all = new ArrayList<>();
      for (int revision = 1; revision <= 40; revision++) {
        String path = path(random) + (random.nextBoolean() ? "*" : "");
        all.add(versioned("E1", revision, path));
      }
      Invalidations compiled = Invalidations.none().next(Snapshot.of(1, 40, Chain.EMPTY, all));

      for (int i = 0; i < 200; i++) {
        String path = path(random);
        long since = random.nextInt(42);
        assertThat(compiled.kills(Edge.key(path), new Since(1, since)))
            .as("seed %d, %s since %d", seed, path, since)
            .isEqualTo(all.stream().anyMatch(one -> naive(one, path, since)));
      }
    }
  }

  @Test
  void only_the_last_star_is_a_wildcard_and_case_and_query_count() {
    Invalidations compiled = compiled("/a*b", "/Img/*", "/q?x=1");

    assertThat(compiled.kills(Edge.key("/aXb"), new Since(1, 0))).isFalse();
    assertThat(compiled.kills(Edge.key("/a*b"), new Since(1, 0))).isTrue();
    assertThat(compiled.kills(Edge.key("/img/x"), new Since(1, 0))).isFalse();
    assertThat(compiled.kills(Edge.key("/Img/x/y?z"), new Since(1, 0))).isTrue();
    assertThat(compiled.kills(Edge.key("/q"), new Since(1, 0))).isFalse();
    assertThat(compiled.kills(Edge.key("/q?x=1"), new Since(1, 0))).isTrue();
  }

  @Test
  void another_distribution_is_not_touched() {
    Invalidations compiled = compiled("/*");
    CacheKey other = new CacheKey(1, 2, new byte[] {3}, "E2", "/x");

    assertThat(compiled.kills(other, new Since(1, 0))).isFalse();
    assertThat(compiled.of("E2")).isNull();
  }

  @Test
  void an_object_of_another_epoch_is_older_than_every_entry() {
    Invalidations compiled =
        Invalidations.none()
            .next(Snapshot.of(2, 5, Chain.EMPTY, List.of(versioned("E1", 5, "/x"))));

    assertThat(compiled.kills(Edge.key("/x"), new Since(1, 1000))).isTrue();
    assertThat(compiled.kills(Edge.key("/y"), new Since(1, 1000))).isFalse();
    assertThat(compiled.kills(Edge.key("/x"), new Since(2, 5))).isFalse();
  }

  @Test
  void a_distribution_without_news_keeps_its_compiled_form() {
    List<Snapshot.Versioned> all = new ArrayList<>(List.of(versioned("E1", 1, "/x")));
    Invalidations first = Invalidations.none().next(Snapshot.of(1, 1, Chain.EMPTY, all));
    all.add(versioned("E2", 2, "/x"));

    Invalidations second = first.next(Snapshot.of(1, 2, Chain.EMPTY, all));

    assertThat(second.of("E1")).isSameAs(first.of("E1"));
    assertThat(second.of("E2")).isNotNull();
  }

  private static Invalidations compiled(String... paths) {
    return Invalidations.none()
        .next(Snapshot.of(1, 1, Chain.EMPTY, List.of(versioned("E1", 1, paths))));
  }

  private static Snapshot.Versioned versioned(String distribution, long revision, String... paths) {
    return new Snapshot.Versioned(
        new Invalidation("I" + distribution + revision, distribution, List.of(paths)), revision);
  }

  private static boolean naive(Snapshot.Versioned one, String path, long since) {
    String pattern = ((Invalidation) one.resource()).paths().getFirst();
    boolean matches =
        pattern.endsWith("*")
            ? path.startsWith(pattern.substring(0, pattern.length() - 1))
            : path.equals(pattern);
    return matches && one.revision() > since;
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/");
    for (int left = random.nextInt(6); left > 0; left--) {
      path.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return path.toString();
  }
}
