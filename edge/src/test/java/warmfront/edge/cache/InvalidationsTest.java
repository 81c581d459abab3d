package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.edge.step.CacheKey;
import warmfront.http.Fields;
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
      Invalidations compiled = Invalidations.none().anew(Snapshot.of(1, 40, Chain.EMPTY, all));

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
  void a_tenants_objects_are_its_distributions_too() {
    Invalidations compiled =
        Invalidations.none()
            .anew(
                Snapshot.of(
                    1,
                    2,
                    Chain.EMPTY,
                    List.of(versioned("E1", 1, "/all"), versioned("dt_a", 2, "/own"))));
    CacheKey all = new CacheKey(1, 2, new byte[] {3}, "E1/dt_a", "/all");
    CacheKey own = new CacheKey(1, 2, new byte[] {3}, "E1/dt_a", "/own");
    CacheKey others = new CacheKey(1, 2, new byte[] {3}, "E1/dt_b", "/own");

    assertThat(compiled.kills(all, new Since(1, 0))).isTrue();
    assertThat(compiled.kills(all, new Since(1, 1))).isFalse();
    assertThat(compiled.kills(own, new Since(1, 1))).isTrue();
    assertThat(compiled.kills(others, new Since(1, 0))).isFalse();
    assertThat(compiled.haveChanged(others, 0)).isTrue();
  }

  @Test
  void an_object_of_another_epoch_is_older_than_every_entry() {
    Invalidations compiled =
        Invalidations.none()
            .anew(Snapshot.of(2, 5, Chain.EMPTY, List.of(versioned("E1", 5, "/x"))));

    assertThat(compiled.kills(Edge.key("/x"), new Since(1, 1000))).isTrue();
    assertThat(compiled.kills(Edge.key("/y"), new Since(1, 1000))).isFalse();
    assertThat(compiled.kills(Edge.key("/x"), new Since(2, 5))).isFalse();
  }

  @Test
  void following_the_log_ends_where_a_whole_picture_does() {
    Random random = new Random(5);
    Invalidations followed = Invalidations.none();
    List<Snapshot.Versioned> all = new ArrayList<>();
    for (int revision = 1; revision <= 300; revision++) {
      String distribution = random.nextBoolean() ? "E1" : "E2";
      String path = path(random) + (random.nextInt(3) == 0 ? "*" : "");
      Snapshot.Versioned one = versioned(distribution, revision, path);
      all.add(one);
      followed.follow(
          Snapshot.of(1, revision, Chain.EMPTY, all),
          List.of(Edge.entry(one.resource(), revision)));
    }
    Invalidations whole = Invalidations.none().anew(Snapshot.of(1, 300, Chain.EMPTY, all));

    assertThat(followed.now()).isEqualTo(whole.now()).isEqualTo(new Since(1, 300));
    for (int i = 0; i < 3000; i++) {
      CacheKey key = Edge.key(path(random));
      Since since = new Since(1, random.nextInt(302));
      assertThat(followed.kills(key, since)).isEqualTo(whole.kills(key, since));
    }
  }

  @Test
  void only_the_distribution_with_news_is_looked_through_again() {
    Invalidations all = compiled("/x");
    long stamp = all.stamp();
    long ofFirst = Objects.requireNonNull(all.of("E1")).stamp();

    Snapshot.Versioned news = versioned("E2", 2, "/y");
    all.follow(
        Snapshot.of(1, 2, Chain.EMPTY, List.of(news)), List.of(Edge.entry(news.resource(), 2)));

    assertThat(all.stamp()).isGreaterThan(stamp);
    assertThat(Objects.requireNonNull(all.of("E1")).stamp()).isEqualTo(ofFirst);
    assertThat(Objects.requireNonNull(all.of("E2")).stamp()).isEqualTo(all.stamp());
  }

  @Test
  void a_floor_leaves_older_objects_in_doubt_and_newer_ones_as_they_were() {
    Invalidations all = compiled("/x", "/p/*");
    Snapshot.Versioned later = versioned("E1", 5, "/later");
    InvalidationFloor floor = new InvalidationFloor("E1", 4);
    all.follow(
        Snapshot.of(1, 6, Chain.EMPTY, List.of()),
        List.of(Edge.entry(later.resource(), 5), Edge.entry(floor, 6)));
    InvalidPaths paths = Objects.requireNonNull(all.of("E1"));

    assertThat(paths.doubts(3)).isTrue();
    assertThat(paths.doubts(4)).isFalse();
    assertThat(paths.kills("/later", 4)).isTrue();
    assertThat(paths.kills("/x", 0)).as("forgotten: it is in doubt").isFalse();
    assertThat(paths.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "red                | true",
        "'blue, RED'        | true",
        "'blue,red,green'   | true",
        "'  Red  '          | true",
        "'redder, re, d'    | false",
        "'a red'            | false",
        "product:shoes      | true",
        "'#red'             | false",
        "''                 | false",
        "','                | false",
      })
  void a_tag_names_an_object_whatever_its_case(String listed, boolean killed) {
    InvalidPaths paths = new InvalidPaths();
    paths.add(List.of("#red", "#Product:Shoes", "/other"), 7);

    assertThat(paths.kills(tagged(listed), 6)).isEqualTo(killed);
    assertThat(paths.kills(tagged(listed), 7)).isFalse();
    assertThat(paths.kills("/red", 6)).isFalse();
  }

  @Test
  void the_first_fifty_tags_count() {
    InvalidPaths paths = new InvalidPaths();
    paths.add(List.of("#last"), 7);
    String fortyNine = "t,".repeat(49);

    assertThat(paths.kills(tagged(fortyNine + "last"), 6)).isTrue();
    assertThat(paths.kills(tagged(fortyNine + "t,last"), 6)).isFalse();
  }

  @Test
  void the_table_of_revisions_is_a_map_to_the_newest() {
    Random random = new Random(9);
    Revisions table = new Revisions();
    Map<Long, Long> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      long hash = random.nextInt(6000) * 0x9E3779B97F4A7C15L;
      long revision = 1L + random.nextInt(1000);
      table.put(hash, revision);
      model.merge(hash == 0 ? 1 : hash, revision, Math::max);
    }

    assertThat(table.size()).isEqualTo(model.size());
    model.forEach((hash, revision) -> assertThat(table.of(hash)).isEqualTo(revision));
    assertThat(table.of(123)).isZero();
    assertThat(table.bytes() / table.size()).isBetween(21L, 43L);
  }

  @Test
  void a_path_longer_than_any_prefix_may_be_is_looked_up_too() {
    Invalidations compiled = compiled("/" + "a".repeat(3998) + "*", "/*x");

    assertThat(compiled.kills(Edge.key("/" + "a".repeat(9000)), new Since(1, 0))).isTrue();
    assertThat(compiled.kills(Edge.key("/" + "b".repeat(9000)), new Since(1, 0))).isFalse();
  }

  @Test
  void what_no_invalidation_can_name_is_no_tag_and_does_not_count() {
    InvalidPaths paths = new InvalidPaths();
    paths.add(List.of("#last", "#" + "x".repeat(256)), 7);
    String no = ",, ,a b,é,\u007f,%s,".formatted("y".repeat(257)).repeat(50);

    assertThat(paths.kills(tagged(no + "last"), 6)).isTrue();
    assertThat(paths.kills(tagged("x".repeat(256)), 6)).isTrue();
    assertThat(paths.kills(tagged("x".repeat(257)), 6)).isFalse();
    assertThat(tagged(no).size()).isZero();
  }

  @Test
  void a_star_in_a_tag_is_a_letter_and_lines_of_a_field_are_one_list() {
    InvalidPaths paths = new InvalidPaths();
    paths.add(List.of("#pro*", "#second"), 7);

    assertThat(paths.kills(tagged("product"), 6)).isFalse();
    assertThat(paths.kills(tagged("PRO*"), 6)).isTrue();
    assertThat(paths.kills(Tags.in(Fields.of("Tags", "first", "tags", "second"), "TAGS"), 6))
        .isTrue();
  }

  private static Tags tagged(String tags) {
    return Tags.in(Fields.of("cache-tag", tags), "Cache-Tag");
  }

  private static Invalidations compiled(String... paths) {
    return Invalidations.none()
        .anew(Snapshot.of(1, 1, Chain.EMPTY, List.of(versioned("E1", 1, paths))));
  }

  private static Snapshot.Versioned versioned(String distribution, long revision, String... paths) {
    return new Snapshot.Versioned(
        new Invalidation("I" + distribution + revision, distribution, List.of(paths)), revision);
  }

  private static boolean naive(Snapshot.Versioned one, String path, long since) {
    String pattern = ((Invalidation) one.resource()).items().getFirst();
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
