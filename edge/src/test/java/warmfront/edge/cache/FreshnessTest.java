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
        "no-cache=\"Set-Cookie\"        |   0 | 500",
        "no-cache=\"Set-Cookie\"        | 600 | 600",
        "s-maxage=0, max-age=90         |   0 | 0",
        "s-maxage=soon, max-age=90      |   0 | 0",
        "max-age=-1                     |   0 | 0",
        "max-age=99999999999999999999   |   0 | 1000",
        "no-cache, max-age=90           |   0 | 0",
        "no-cache, max-age=900          | 100 | 100",
        "must-revalidate                |   0 | 500",
        "must-revalidate, max-age=90    | 100 | 100",
        "stale-if-error=90              |   0 | 500",
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
    assertThat(said(200, Fields.of("Expires", DATE, "Date", DATE), 0)).isEqualTo("0");
    assertThat(said(200, Fields.of("Expires", "Thu, 01 Jan 2099 00:00:00 GMT"), 0))
        .isEqualTo("1000");
    assertThat(said(200, Fields.of("Expires", IN_300, "Date", "today"), 0)).isEqualTo("300");
    assertThat(said(200, Fields.of("Expires", IN_300, "Cache-Control", "no-cache"), 0))
        .isEqualTo("0");
  }

  @Test
  void nothing_is_guessed_from_last_modified() {
    Fields old = Fields.of("Last-Modified", "Sun, 01 Mar 2015 00:00:00 GMT", "Date", DATE);

    assertThat(said(200, old, 0)).isEqualTo("500");
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
    assertThat(said(200, Fields.of("Expires", IN_300, "Date", DATE, "Age", "40"), 0))
        .isEqualTo("260");
    assertThat(said(200, Fields.of("Cache-Control", "max-age=5000", "Age", "4000"), 0))
        .as("MaxTTL counts from arrival")
        .isEqualTo("1000");
    assertThat(said(200, Fields.of("Cache-Control", "max-age=90", "Age", "400"), 70))
        .as("MinTTL, too")
        .isEqualTo("70");
    assertThat(said(200, Fields.of("Age", "4000"), 0)).as("DefaultTTL, too").isEqualTo("500");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Age                 | seconds left of 90, if it took 2
        "40                    | 48",
        "0                     | 88",
        "''                    | 88",
        "soon                  | 88",
        "-40                   | 88",
        "4 0                   | 88",
        "'40, 7'               | 48",
        "'40, soon'            | 48",
        "99999999999999999999  | 0",
      })
  void the_age_on_arrival_is_what_upstream_says_and_how_long_it_took(String age, String left) {
    Fields fields = Fields.of("Cache-Control", "max-age=90", "Age", age);

    Verdict verdict = new Freshness(200, fields, Duration.ofSeconds(2), NOW).judge(rule(0));

    assertThat(text(verdict)).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Date                        | Age | age on arrival, if it took 9
        "Sun, 01 Mar 2026 00:00:00 GMT |   - | 0",
        "Sat, 28 Feb 2026 23:59:58 GMT |   - | 2",
        "Sat, 28 Feb 2026 23:59:58 GMT |   2 | 2",
        "Sat, 28 Feb 2026 23:59:58 GMT |   1 | 2",
        "Sat, 28 Feb 2026 23:59:00 GMT |   - | 9",
        "Sat, 28 Feb 2026 23:59:00 GMT |  60 | 60",
        "Sat, 28 Feb 2026 20:00:00 GMT |  60 | 69",
        "Sun, 01 Mar 2026 04:00:00 GMT |   - | 9",
        "yesterday                     |   - | 9",
      })
  void what_was_held_back_until_it_was_so_is_not_old(String date, String age, int expected) {
    Fields fields = Fields.of("Cache-Control", "max-age=90", "Date", date);
    Fields said = age.equals("-") ? fields : fields.with("Age", age);

    Verdict verdict = new Freshness(200, said, Duration.ofSeconds(9), NOW).judge(rule(0));

    assertThat(((Verdict.Keep) verdict).age()).isEqualTo(Duration.ofSeconds(expected));
  }

  @Test
  void a_wrong_date_makes_nothing_older() {
    Fields hoursAgo =
        Fields.of("Date", "Sat, 28 Feb 2026 20:00:00 GMT", "Cache-Control", "max-age=90");

    assertThat(said(200, hoursAgo, 0)).isEqualTo("90");
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
    "303,500",
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
  void expires_is_no_cache_control_and_does_for_other_statuses() {
    Fields expires = Fields.of("Expires", IN_300, "Date", DATE);

    assertThat(said(307, expires, 0)).isEqualTo("STATUS");
    assertThat(said(201, expires, 0)).isEqualTo("300");
    assertThat(said(404, expires, 0)).isEqualTo("300");
    assertThat(said(403, expires, 0)).isEqualTo("STATUS");
  }

  @Test
  void vary_star_is_asked_for_each_time_unless_min_ttl_says_otherwise() {
    assertThat(said(200, Fields.of("Vary", "Accept, *"), 0)).isEqualTo("0");
    assertThat(said(200, Fields.of("Vary", "*", "Cache-Control", "max-age=90"), 0)).isEqualTo("0");
    assertThat(said(200, Fields.of("Vary", "*", "Cache-Control", "no-store"), 0))
        .isEqualTo("CACHE_CONTROL");
    assertThat(said(200, Fields.of("Vary", "*"), 5)).isEqualTo("500");
    assertThat(said(200, Fields.of("Vary", "Accept"), 0)).isEqualTo("500");
    Verdict.Keep keep = (Verdict.Keep) judge(200, Fields.of("Vary", "*"), rule(0));
    assertThat(keep.background()).isZero();
    assertThat(keep.excusable()).as("for an origin that fails").isEqualTo(Duration.ofSeconds(1000));
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
        "400 | max-age=60, no-store      |  10 | 60",
        "404 | no-cache, max-age=60      |  10 | CACHE_CONTROL",
        "404 | public                    |  10 | 10",
        "404 | max-age=0                 |   0 | CACHE_CONTROL",
        "404 | max-age=60                |   0 | 60",
        "410 | -                         |  10 | 10",
        "504 | s-maxage=9999             |  10 | 1000",
        "504 | -                         | 5000 | 5000",
        "416 | -                         | 300 | STATUS",
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
  void an_error_lives_until_its_expires_if_that_is_later() {
    TtlRule rule =
        new TtlRule(
            Duration.ZERO,
            Duration.ofSeconds(500),
            Duration.ofSeconds(1000),
            Map.of(),
            Optional.empty(),
            true);
    String date = "Wed, 04 Mar 2026 12:00:00 GMT";

    assertThat(
            text(
                judge(
                    404,
                    Fields.of("Date", date, "Expires", "Wed, 04 Mar 2026 12:01:00 GMT"),
                    rule)))
        .isEqualTo("60");
    assertThat(
            text(
                judge(
                    500,
                    Fields.of("Date", date, "Expires", "Wed, 04 Mar 2026 12:00:05 GMT"),
                    rule)))
        .as("at least ErrorCachingMinTTL")
        .isEqualTo("10");
    assertThat(judge(403, Fields.of("Date", date, "Expires", date), rule))
        .as("max-age and s-maxage alone have it kept")
        .isEqualTo(new Verdict.Refuse(Unstorable.STATUS));
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
        "max-age=60, proxy-revalidate                     |         60 | 60",
        "s-maxage=60                                      |         60 | 1000",
        "max-age=5000                                     |       1000 | 1000",
        "stale-while-revalidate=30                        |        530 | 1000",
        "max-age=60, must-revalidate, stale-if-error=30   |         60 | 60",
        "no-cache, stale-while-revalidate=30              |          0 | 1000",
        "no-cache, stale-if-error=30                      |          0 | 30",
        "no-cache                                         |          0 | 1000",
        "no-cache, stale-if-error=0                       |          0 | 0",
      })
  void how_long_a_stale_object_may_be_served(String said, int background, int excusable) {
    Verdict.Keep keep = (Verdict.Keep) judge(200, Fields.of("Cache-Control", said), rule(0));

    assertThat(keep.background()).isEqualTo(Duration.ofSeconds(background));
    assertThat(keep.excusable()).isEqualTo(Duration.ofSeconds(excusable));
  }

  @Test
  void what_comes_stale_has_been_so_since_its_lifetime_ended() {
    String said = "max-age=60, stale-while-revalidate=30, stale-if-error=90";

    Verdict.Keep late = keep(Fields.of("Cache-Control", said, "Age", "80"), 0);
    Verdict.Keep tooLate = keep(Fields.of("Cache-Control", said, "Age", "200"), 0);
    Verdict.Keep held = keep(Fields.of("Cache-Control", said, "Age", "200"), 100);

    assertThat(late.background()).isEqualTo(Duration.ofSeconds(10));
    assertThat(late.excusable()).isEqualTo(Duration.ofSeconds(70));
    assertThat(tooLate.background()).isZero();
    assertThat(tooLate.excusable()).isZero();
    assertThat(held.background()).as("MinTTL keeps it fresh").isEqualTo(Duration.ofSeconds(130));
  }

  private static Verdict.Keep keep(Fields fields, int min) {
    return (Verdict.Keep) judge(200, fields, rule(min));
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
