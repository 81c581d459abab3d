package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.edge.step.Settled.Unstorable;
import warmfront.edge.step.TtlRule;
import warmfront.http.Fields;

/** CloudFront's tables, row by row: MinTTL m, DefaultTTL d = 500 s, MaxTTL M = 1000 s. */
final class FreshnessTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String IN_300 = "Sun, 01 Mar 2026 00:05:00 GMT";
  private static final String DATE = "Sun, 01 Mar 2026 00:00:00 GMT";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Cache-Control and Expires    |   m | seconds, or why not
        "s-maxage=50, max-age=90        |   0 | 50",
        "s-maxage=5000                  |   0 | 1000",
        "s-maxage=50                    | 100 | 100",
        "s-maxage=5000                  | 100 | 1000",
        "max-age=90                     |   0 | 90",
        "max-age=5000                   |   0 | 1000",
        "max-age=90                     | 100 | 100",
        "max-age=0                      |   0 | 0",
        "public                         |   0 | 500",
        "-                              |   0 | 500",
        "-                              | 100 | 500",
        "-                              | 600 | 600",
        "no-cache                       |   0 | 0",
        "no-store                       |   0 | CACHE_CONTROL",
        "private                        |   0 | CACHE_CONTROL",
        "no-store, max-age=90           |   0 | CACHE_CONTROL",
        "no-cache                       | 100 | 100",
        "no-store                       | 100 | 100",
        "private, max-age=900           | 100 | 100",
        "private=\"Set-Cookie\"         |   0 | 500",
      })
  void a_success_lives_as_the_table_says(String cacheControl, int min, String expected) {
    Fields fields =
        cacheControl.equals("-") ? Fields.empty() : Fields.of("Cache-Control", cacheControl);

    assertThat(said(200, fields, min)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0,300", "400,400"})
  void expires_counts_where_there_is_no_max_age(int min, String expected) {
    assertThat(said(200, Fields.of("Expires", IN_300, "Date", DATE), min)).isEqualTo(expected);
    assertThat(said(200, Fields.of("Expires", IN_300), min)).isEqualTo(expected);
  }

  @Test
  void max_age_beats_expires_and_a_wrong_expires_is_in_the_past() {
    assertThat(said(200, Fields.of("Expires", IN_300, "Cache-Control", "max-age=7"), 0))
        .isEqualTo("7");
    assertThat(said(200, Fields.of("Expires", "0"), 0)).isEqualTo("0");
    assertThat(said(200, Fields.of("Expires", "-1"), 60)).isEqualTo("60");
  }

  @Test
  void expires_is_counted_from_the_origins_own_date() {
    Fields hoursAgo =
        Fields.of(
            "Date", "Sat, 28 Feb 2026 20:00:00 GMT", "Expires", "Sat, 28 Feb 2026 20:01:40 GMT");

    assertThat(said(200, hoursAgo, 0)).isEqualTo("100");
  }

  @Test
  void an_age_from_upstream_shortens_what_is_left() {
    Fields fields = Fields.of("Cache-Control", "max-age=90", "Age", "40");

    assertThat(said(200, fields, 0)).isEqualTo("50");
    assertThat(said(200, Fields.of("Cache-Control", "max-age=90", "Age", "400"), 0)).isEqualTo("0");
    Verdict.Keep keep = (Verdict.Keep) judge(200, fields, rule(0));
    assertThat(keep.age()).isEqualTo(Duration.ofSeconds(40));
  }

  @ParameterizedTest
  @CsvSource({
    "200,500",
    "203,500",
    "204,500",
    "300,500",
    "301,500",
    "302,500",
    "307,STATUS",
    "308,STATUS",
    "201,STATUS",
    "206,PARTIAL",
    "304,STATUS"
  })
  void statuses_without_cache_control(int status, String expected) {
    assertThat(said(status, Fields.empty(), 0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"307,60", "308,60", "201,60", "302,60"})
  void statuses_with_max_age(int status, String expected) {
    assertThat(said(status, Fields.of("Cache-Control", "max-age=60"), 0)).isEqualTo(expected);
  }

  @Test
  void vary_star_is_not_kept_unless_min_ttl_says_so() {
    assertThat(said(200, Fields.of("Vary", "Accept, *"), 0)).isEqualTo("VARY_ANY");
    assertThat(said(200, Fields.of("Vary", "*"), 5)).isEqualTo("500");
    assertThat(said(200, Fields.of("Vary", "Accept"), 0)).isEqualTo("500");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // status | Cache-Control        | ErrorCachingMinTTL | seconds, or why not
        "404 | -                         |  10 | 10",
        "414 | -                         |  10 | 10",
        "500 | -                         |  10 | 10",
        "501 | -                         |  10 | 10",
        "502 | -                         |  10 | 10",
        "503 | -                         |  10 | 10",
        "504 | -                         |  10 | 10",
        "404 | max-age=60                |  10 | 60",
        "404 | max-age=5                 |  10 | 10",
        "404 | max-age=9999              |  10 | 1000",
        "404 | s-maxage=60, max-age=20   |  10 | 60",
        "404 | -                         | 300 | 300",
        "404 | no-store                  |  10 | CACHE_CONTROL",
        "410 | no-cache                  |  10 | CACHE_CONTROL",
        "414 | private                   |  10 | CACHE_CONTROL",
        "501 | no-store                  |  10 | CACHE_CONTROL",
        "500 | no-store                  |  10 | 10",
        "503 | no-store                  |  10 | 10",
        "502 | private                   |  10 | 10",
        "400 | -                         |  10 | STATUS",
        "403 | -                         |  10 | STATUS",
        "405 | no-store                  |  10 | STATUS",
        "412 | -                         |  10 | STATUS",
        "415 | -                         |  10 | STATUS",
        "400 | max-age=60                |  10 | 60",
        "403 | s-maxage=60               |  10 | 60",
        "403 | max-age=1                 |  10 | 10",
        "416 | max-age=60                |  10 | STATUS",
        "401 | max-age=60                |  10 | STATUS",
        "429 | max-age=60                |  10 | STATUS",
        "404 | -                         |   0 | CACHE_CONTROL",
      })
  void an_error_lives_as_the_table_says(int status, String said, int least, String expected) {
    Fields fields = said.equals("-") ? Fields.empty() : Fields.of("Cache-Control", said);
    TtlRule rule =
        new TtlRule(
            Duration.ZERO,
            Duration.ofSeconds(500),
            Duration.ofSeconds(1000),
            Map.of(status, Duration.ofSeconds(least)),
            Optional.empty(),
            true);

    assertThat(text(judge(status, fields, rule))).isEqualTo(expected);
  }

  @Test
  void nothing_is_kept_where_caching_is_off() {
    TtlRule off =
        new TtlRule(Duration.ZERO, Duration.ZERO, Duration.ZERO, Map.of(), Optional.empty(), false);

    assertThat(judge(404, Fields.empty(), off))
        .isEqualTo(new Verdict.Refuse(Unstorable.CACHE_CONTROL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Cache-Control                                  | background | excusable
        "max-age=60                                       |         60 | 1000",
        "max-age=60, stale-if-error=30                    |         60 | 90",
        "max-age=60, stale-if-error=0                     |         60 | 60",
        "max-age=60, stale-if-error=99999                 |         60 | 1000",
        "max-age=60, stale-while-revalidate=30            |         90 | 1000",
        "max-age=60, stale-while-revalidate=9999          |       1000 | 1000",
        "max-age=60, must-revalidate                      |         60 | 60",
        "no-cache                                         |          0 | 1000",
        "no-cache, stale-if-error=0                       |          0 | 0",
      })
  void how_long_a_stale_object_may_be_served(String said, int background, int excusable) {
    Verdict.Keep keep = (Verdict.Keep) judge(200, Fields.of("Cache-Control", said), rule(0));

    assertThat(keep.background()).isEqualTo(Duration.ofSeconds(background));
    assertThat(keep.excusable()).isEqualTo(Duration.ofSeconds(excusable));
  }

  private static String said(int status, Fields fields, int min) {
    return text(judge(status, fields, rule(min)));
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Keep keep -> Long.toString(keep.fresh().toSeconds());
      case Verdict.Refuse(Unstorable reason) -> reason.name();
    };
  }

  private static Verdict judge(int status, Fields fields, TtlRule rule) {
    return new Freshness(status, fields, Duration.ZERO, NOW).judge(rule);
  }

  private static TtlRule rule(int min) {
    return new TtlRule(
        Duration.ofSeconds(min),
        Duration.ofSeconds(500),
        Duration.ofSeconds(1000),
        Map.of(),
        Optional.empty(),
        true);
  }
}
