package warmfront.edge.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.edge.Visits;
import warmfront.edge.step.Encrypted.Status;
import warmfront.edge.step.Encryption;
import warmfront.edge.step.Encryption.Profile;
import warmfront.edge.step.Request;

/** Which profile a request's form is encrypted by. */
final class ChoiceTest {
  private static final Profile PRESET = new Profile(List.of());
  private static final Profile ASKED =
      new Profile(List.of(new Application().recipient("everything")));

  private static Encryption encryption(
      boolean forwardsType, Optional<Profile> ofForms, Optional<Boolean> forwardsArgument) {
    return new Encryption(
        Map.of("application/x-www-form-urlencoded", ofForms),
        forwardsType,
        forwardsArgument.map(
            forwards -> new Encryption.Arguments(Map.of("gold", ASKED), forwards)));
  }

  private static Request request(String target, String... fields) {
    return Visits.get("www.example.com", target, fields);
  }

  private static Request form(String target) {
    return request(target, "Content-Type", "application/x-www-form-urlencoded");
  }

  @Test
  void the_content_type_says_it_and_the_query_argument_over_it() {
    Encryption both = encryption(false, Optional.of(PRESET), Optional.of(false));

    assertThat(Choice.of(both, form("/"))).isEqualTo(new Choice.By(PRESET));
    assertThat(Choice.of(both, form("/?a=b&fle-profile=gold"))).isEqualTo(new Choice.By(ASKED));
    assertThat(Choice.of(both, form("/?xfle-profile=gold&fle-profiles=gold")))
        .isEqualTo(new Choice.By(PRESET));
  }

  @Test
  void the_argument_says_nothing_where_the_configuration_does_not_look_at_it() {
    Encryption typesAlone = encryption(false, Optional.of(PRESET), Optional.empty());

    assertThat(Choice.of(typesAlone, form("/?fle-profile=gold"))).isEqualTo(new Choice.By(PRESET));
    assertThat(Choice.of(typesAlone, form("/?fle-profile="))).isEqualTo(new Choice.By(PRESET));
  }

  @Test
  void what_is_unknown_goes_on_or_is_refused() {
    Encryption open = encryption(true, Optional.empty(), Optional.of(true));
    Encryption shut = encryption(false, Optional.empty(), Optional.of(false));

    assertThat(Choice.of(open, form("/?fle-profile=lead")))
        .isEqualTo(new Choice.Forwarded(Status.FORWARDED_BY_QUERY_ARGS));
    assertThat(refused(shut, form("/?fle-profile=lead"))).isEqualTo(Status.REJECTED_BY_QUERY_ARGS);
    assertThat(Choice.of(open, request("/", "Content-Type", "text/plain")))
        .isEqualTo(new Choice.Forwarded(Status.FORWARDED_BY_CONTENT_TYPE));
    assertThat(Choice.of(open, request("/")))
        .isEqualTo(new Choice.Forwarded(Status.FORWARDED_BY_CONTENT_TYPE));
    assertThat(refused(shut, request("/", "Content-Type", "text/plain")))
        .isEqualTo(Status.REJECTED_BY_CONTENT_TYPE);
    assertThat(refused(shut, request("/"))).isEqualTo(Status.REJECTED_BY_CONTENT_TYPE);
    assertThat(Choice.of(shut, form("/")))
        .isEqualTo(new Choice.Forwarded(Status.FORWARDED_DUE_TO_NO_PROFILE));
  }

  @Test
  void a_profile_that_is_asked_for_does_not_make_a_form_of_another_type() {
    Encryption shut = encryption(false, Optional.of(PRESET), Optional.of(false));

    assertThat(refused(shut, request("/?fle-profile=gold", "Content-Type", "application/json")))
        .isEqualTo(Status.REJECTED_BY_CONTENT_TYPE);
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded;charset=utf-8, true",
    "APPLICATION/X-WWW-Form-URLEncoded ; charset=utf-8, true",
    "application, false",
    "application/, false",
    "application/x www, false",
    "'a/b, application/x-www-form-urlencoded', false",
    "'', false"
  })
  void a_content_type_is_read_without_its_parameters(String type, boolean wellFormed) {
    Encryption shut = encryption(false, Optional.of(PRESET), Optional.empty());

    Choice choice = Choice.of(shut, request("/", "Content-Type", type));

    assertThat(choice.equals(new Choice.By(PRESET))).isEqualTo(wellFormed);
    if (!wellFormed) {
      assertThat(((Choice.Refused) choice).status()).isEqualTo(Status.MALFORMED_CONTENT_TYPE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fle-profile",
    "fle-profile=",
    "fle-profile=a b",
    "fle-profile=gold&fle-profile=gold"
  })
  void an_argument_that_is_empty_or_given_twice_is_malformed(String query) {
    Encryption open = encryption(true, Optional.of(PRESET), Optional.of(true));

    assertThat(refused(open, form("/?" + query))).isEqualTo(Status.MALFORMED_QUERY_ARGS);
  }

  private static Status refused(Encryption encryption, Request request) {
    return ((Choice.Refused) Choice.of(encryption, request)).status();
  }
}
