package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What origins say in fields that a cache acts on, spoiled by a seeded chance: whatever it is, it
 * has a meaning, and one that is safe.
 */
final class ResponseFieldsFuzzTest {
  private static final int ROUNDS = 50_000;
  private static final List<String> CONTROLS =
      List.of(
          "max-age=60",
          "s-maxage=\"60\"",
          "max-age=9223372036854775808",
          "max-age=-1",
          "stale-while-revalidate=5",
          "stale-if-error=86400",
          "no-cache=\"Set-Cookie, x\"",
          "private=\"a\\\"b\"",
          "no-cache",
          "no-store",
          "private",
          "must-revalidate",
          "x=\"a, max-age=9\"",
          "public",
          "");
  private static final List<String> VALUES =
      List.of(
          "Sun, 06 Nov 1994 08:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994",
          "bytes 0-99/100",
          "bytes 5-9/*",
          "bytes */100",
          "bytes=0-9,20-,-5",
          "Accept-Encoding, foo",
          "*",
          "W/\"a\", \"b\"",
          "max-age=10, a;b=?1, c=:YQ==:");
  private static final String ALPHABET = "\t !\"#%&'*+,-./09:;<=>?AZ[\\]_az{|}~\u0080\u00ff";

  private final SplittableRandom chance = new SplittableRandom(20_261_130);

  @Test
  void cache_control_means_the_same_in_one_line_or_two_and_never_more_than_a_century() {
    for (int i = 0; i < ROUNDS; i++) {
      String first = spoiled(some(CONTROLS) + ", " + some(CONTROLS));
      String second = spoiled(some(CONTROLS));
      CacheControl both = control(first + ", " + second);

      assertThat(CacheControl.parse(Fields.of("Cache-Control", first, "Cache-Control", second)))
          .as("%s | %s", first, second)
          .isEqualTo(both);
      for (Optional<Duration> time :
          List.of(
              both.maxAge(),
              both.sharedMaxAge(),
              both.staleIfError(),
              both.staleWhileRevalidate())) {
        assertThat(time.orElse(Duration.ZERO))
            .as("%s | %s", first, second)
            .isBetween(Duration.ZERO, CacheControl.SECONDS_MAX);
      }
    }
  }

  @Test
  void what_forbids_storing_is_heard_whatever_follows_it() {
    for (int i = 0; i < ROUNDS; i++) {
      String spoiled = spoiled(some(CONTROLS) + ", " + some(CONTROLS));

      CacheControl control = control("No-Store, private ," + spoiled);

      assertThat(control.noStore() && control.privately()).as(spoiled).isTrue();
    }
  }

  @Test
  void a_targeted_field_that_is_no_dictionary_counts_for_nothing() {
    for (int i = 0; i < ROUNDS; i++) {
      String spoiled = spoiled(some(VALUES) + some(CONTROLS));
      Fields fields = Fields.of("CDN-Cache-Control", spoiled);

      Optional<CacheControl> control = CacheControl.targeted(fields, "CDN-Cache-Control");

      boolean isDictionary = Dictionary.parse(spoiled).filter(all -> !all.isEmpty()).isPresent();
      assertThat(control.isPresent()).as(spoiled).isEqualTo(isDictionary);
    }
  }

  @Test
  void a_date_that_is_read_is_written_as_it_is_read_again() {
    for (int i = 0; i < ROUNDS; i++) {
      String spoiled = spoiled(some(VALUES));

      HttpDate.parse(spoiled)
          .ifPresent(
              date -> assertThat(HttpDate.parse(HttpDate.format(date))).as(spoiled).hasValue(date));
    }
    assertThat(HttpDate.parse(VALUES.getFirst())).hasValue(Instant.parse("1994-11-06T08:49:37Z"));
  }

  @Test
  void ranges_lie_within_the_object() {
    for (int i = 0; i < ROUNDS; i++) {
      String spoiled = spoiled(some(VALUES));
      long length = chance.nextLong(1, 1000);

      switch (Ranges.of(spoiled, length)) {
        case Ranges.Part(ByteRange range) -> within(range, length, spoiled);
        case Ranges.Parts parts -> parts.ranges().forEach(range -> within(range, length, spoiled));
        case Ranges.Whole _, Ranges.Unsatisfiable _ -> {}
      }
      ContentRange.parse(Fields.of("Content-Range", spoiled))
          .ifPresent(range -> assertThat(range.range().first()).as(spoiled).isNotNegative());
    }
  }

  private static void within(ByteRange range, long length, String spoiled) {
    assertThat(range.first()).as(spoiled).isBetween(0L, range.last());
    assertThat(range.last()).as(spoiled).isLessThan(length);
  }

  @Test
  void variants_are_told_apart_by_names_alone() {
    for (int i = 0; i < ROUNDS; i++) {
      String spoiled = spoiled(some(VALUES));
      Fields fields = Fields.of("Vary", spoiled);

      Optional<List<String>> names = Vary.selecting(fields);

      assertThat(names.orElse(List.of())).as(spoiled).allMatch(Fields::isToken).isSorted();
      assertThat(names.isPresent() && Vary.isAny(fields)).as(spoiled).isFalse();
      Vary.normal(Fields.of("Accept", spoiled), "accept");
      Conditions.evaluate(
          Method.GET,
          Fields.of("If-None-Match", spoiled, "If-Modified-Since", spoiled),
          Fields.of("ETag", spoiled, "Last-Modified", spoiled));
    }
  }

  private static CacheControl control(String value) {
    return CacheControl.parse(Fields.of("Cache-Control", value));
  }

  private String some(List<String> all) {
    return all.get(chance.nextInt(all.size()));
  }

  private String spoiled(String text) {
    StringBuilder spoiled = new StringBuilder(text);
    for (int i = chance.nextInt(4); i > 0; i--) {
      int at = chance.nextInt(spoiled.length() + 1);
      char c = ALPHABET.charAt(chance.nextInt(ALPHABET.length()));
      switch (chance.nextInt(3)) {
        case 0 -> spoiled.insert(at, c);
        case 1 -> spoiled.delete(at, Math.min(spoiled.length(), at + 1 + chance.nextInt(4)));
        default -> spoiled.replace(at, Math.min(spoiled.length(), at + 1), String.valueOf(c));
      }
    }
    return spoiled.toString().strip();
  }
}
