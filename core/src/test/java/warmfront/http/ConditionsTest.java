package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.http.Conditions.Outcome;

final class ConditionsTest {
  private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
  private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
  private static final Fields RESPONSE =
      Fields.of("ETag", "\"a,b\"", "Last-Modified", MODIFIED, "Date", AFTER);
  private static final Fields WEAK = Fields.of("ETag", "W/\"x\"");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "If-None-Match, `\"a,b\"`, NOT_MODIFIED",
        "If-None-Match, `W/\"a,b\"`, NOT_MODIFIED",
        "If-None-Match, `\"a\", \"a,b\"`, NOT_MODIFIED",
        "If-None-Match, *, NOT_MODIFIED",
        "If-None-Match, `\"a\"`, PROCEED",
        "If-None-Match, `\"a,b`, PROCEED",
        "If-Match, `\"a,b\"`, PROCEED",
        "If-Match, `W/\"a,b\"`, FAILED",
        "If-Match, `\"c\"`, FAILED",
        "If-Match, *, PROCEED",
        "If-Modified-Since, `Sun, 06 Nov 1994 08:49:37 GMT`, NOT_MODIFIED",
        "If-Modified-Since, `Sun, 06 Nov 1994 08:49:36 GMT`, PROCEED",
        "If-Modified-Since, yesterday, PROCEED",
        "If-Unmodified-Since, `Sun, 06 Nov 1994 08:49:36 GMT`, FAILED",
        "If-Unmodified-Since, `Sun, 06 Nov 1994 08:49:37 GMT`, PROCEED",
        "If-Unmodified-Since, yesterday, PROCEED",
      })
  void one_condition_is_evaluated(String name, String value, Outcome expected) {
    assertThat(Conditions.evaluate(Method.GET, Fields.of(name, value), RESPONSE))
        .isEqualTo(expected);
  }

  @Test
  void an_entity_tag_beats_a_date() {
    Fields changed = Fields.of("If-None-Match", "\"c\"", "If-Modified-Since", MODIFIED);
    Fields wanted = Fields.of("If-Match", "\"a,b\"", "If-Unmodified-Since", BEFORE);

    assertThat(Conditions.evaluate(Method.GET, changed, RESPONSE)).isEqualTo(Outcome.PROCEED);
    assertThat(Conditions.evaluate(Method.GET, wanted, RESPONSE)).isEqualTo(Outcome.PROCEED);
  }

  @Test
  void a_tag_that_is_there_fails_a_method_that_changes() {
    Fields request = Fields.of("If-None-Match", "*");

    assertThat(Conditions.evaluate(Method.PUT, request, RESPONSE)).isEqualTo(Outcome.FAILED);
  }

  @Test
  void a_range_applies_only_to_the_response_that_if_range_names() {
    assertThat(applies("\"a,b\"", RESPONSE)).isTrue();
    assertThat(applies("\"c\"", RESPONSE)).isFalse();
    assertThat(applies("W/\"x\"", WEAK)).isFalse();
    assertThat(applies(MODIFIED, RESPONSE)).isTrue();
    assertThat(applies(BEFORE, RESPONSE)).isFalse();
    assertThat(applies(MODIFIED, Fields.of("Last-Modified", MODIFIED, "Date", MODIFIED))).isFalse();
    assertThat(Conditions.rangeApplies(Fields.empty(), RESPONSE)).isTrue();
  }

  @Test
  void conditions_are_noticed_whatever_their_case() {
    assertThat(Conditions.arePresent(Fields.of("if-none-match", "*"))).isTrue();
    assertThat(Conditions.arePresent(Fields.of("RANGE", "bytes=0-"))).isTrue();
    assertThat(Conditions.arePresent(Fields.of("Accept", "*/*", "Iffy", "x"))).isFalse();
  }

  private static boolean applies(String ifRange, Fields response) {
    return Conditions.rangeApplies(Fields.of("If-Range", ifRange), response);
  }
}
