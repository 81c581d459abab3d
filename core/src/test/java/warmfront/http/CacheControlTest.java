package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CacheControlTest {
  @Test
  void without_the_field_nothing_is_said() {
    CacheControl none = CacheControl.parse(Fields.of("Content-Type", "text/plain"));

    assertThat(none.present()).isFalse();
    assertThat(none.forbidsReuse()).isFalse();
    assertThat(none.lifetime()).isEmpty();
  }

  @Test
  void directives_are_gathered_from_all_lines_without_regard_to_case() {
    CacheControl said =
        CacheControl.parse(
            Fields.of(
                "Cache-Control",
                "Max-Age=60 , S-MaxAge=\"120\"",
                "cache-control",
                "stale-if-error=5,stale-while-revalidate=7, must-revalidate, x=\"a,no-store\""));

    assertThat(said.maxAge()).contains(Duration.ofMinutes(1));
    assertThat(said.lifetime()).contains(Duration.ofMinutes(2));
    assertThat(said.staleIfError()).contains(Duration.ofSeconds(5));
    assertThat(said.staleWhileRevalidate()).contains(Duration.ofSeconds(7));
    assertThat(said.mustRevalidate()).isTrue();
    assertThat(said.noStore()).isFalse();
  }

  @Test
  void field_names_withhold_fields_and_not_the_response() {
    CacheControl said =
        CacheControl.parse(
            Fields.of("Cache-Control", "no-cache=\"Set-Cookie, X-User\", max-age=9"));

    assertThat(said.forbidsReuse()).isFalse();
    assertThat(said.withheld()).containsExactlyInAnyOrder("set-cookie", "x-user");
    assertThat(said.maxAge()).contains(Duration.ofSeconds(9));
  }

  @Test
  void a_wrong_number_is_zero_a_huge_one_is_a_hundred_years_and_the_first_counts() {
    assertThat(age("max-age=abc")).isEqualTo(Duration.ZERO);
    assertThat(age("max-age")).isEqualTo(Duration.ZERO);
    assertThat(age("max-age=-5")).isEqualTo(Duration.ZERO);
    assertThat(age("max-age=99999999999999999999999")).isEqualTo(CacheControl.SECONDS_MAX);
    assertThat(age("max-age=1, max-age=2")).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void what_only_a_standard_cache_asks_for_is_told_apart() {
    CacheControl said =
        CacheControl.parse(Fields.of("Cache-Control", "public, proxy-revalidate, must-understand"));

    assertThat(said.mustRevalidate()).isTrue();
    assertThat(said.further()).isEqualTo(new CacheControl.Further(true, true, false));
    assertThat(CacheControl.parse(Fields.of("Cache-Control", "must-revalidate")).further())
        .isEqualTo(new CacheControl.Further(false, false, true));
  }

  @Test
  void a_targeted_field_counts_if_it_is_a_dictionary_with_something_in_it() {
    CacheControl said =
        targeted("max-age=60, no-store, no-cache=\"a, B\", s-maxage=\"9\", private=?0")
            .orElseThrow();

    assertThat(said.lifetime()).contains(Duration.ofMinutes(1));
    assertThat(said.noStore()).isTrue();
    assertThat(said.noCache()).isFalse();
    assertThat(said.withheld()).containsExactlyInAnyOrder("a", "b");
    assertThat(said.privately()).isFalse();
    assertThat(targeted("max-age=\"60\"").orElseThrow().lifetime()).isEmpty();
    assertThat(targeted("max-age=1.5").orElseThrow().lifetime()).isEmpty();
    assertThat(targeted("max-age=60, &")).isEmpty();
    assertThat(targeted("")).isEmpty();
    assertThat(CacheControl.targeted(Fields.empty(), "CDN-Cache-Control")).isEmpty();
  }

  private static Optional<CacheControl> targeted(String value) {
    return CacheControl.targeted(Fields.of("cdn-cache-control", value), "CDN-Cache-Control");
  }

  @Test
  void any_text_is_read_without_an_error() {
    Random random = new Random(11);
    String alphabet = "max-age=s,\"\\ no-cache01 ;private\t";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(60); left > 0; left--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }

      CacheControl said = CacheControl.parse(Fields.of("Cache-Control", text.toString()));

      assertThat(said.present()).isTrue();
    }
  }

  private static Duration age(String value) {
    return CacheControl.parse(Fields.of("Cache-Control", value)).maxAge().orElseThrow();
  }
}
