package warmfront.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.http.Fields;

final class TenantTest {
  private static final ConnectionGroup GROUP =
      new ConnectionGroup("cg_1", "d1.cdn.example", true, true);

  @Test
  void values_stand_in_the_places_of_parameters() {
    Origin origin = origin("{{Sub}}.{{Sub}}.example.com", "/sites/{{tenant-1}}");

    Origin filled = origin.filled(Map.of("Sub", "Shop$1", "tenant-1", "A"));

    assertThat(filled.domainName()).isEqualTo("shop$1.shop$1.example.com");
    assertThat(filled.path()).isEqualTo("/sites/A");
    assertThat(Placeholders.names("{{a}}.{{b}}{{}}{{a}}")).containsExactly("a", "b", "a");
  }

  @Test
  void an_origin_without_parameters_is_shared() {
    Origin plain = origin("www.example.com", "");

    assertThat(plain.filled(Map.of())).isSameAs(plain);
  }

  @Test
  void a_parameter_without_a_value_is_named() {
    Origin origin = origin("{{a}}.example.com", "");

    assertThatThrownBy(() -> origin.filled(Map.of("b", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the parameter a of '{{a}}.example.com' has no value");
  }

  @Test
  void dns_is_told_of_those_domains_that_lie_in_the_zone() {
    Tenant tenant = tenant(List.of("a.example.com", "shop.cdn.example", "*.b.cdn.example"));

    Publication told = Publication.of(tenant, GROUP).orElseThrow();

    assertThat(told.guest()).isTrue();
    assertThat(told.domainName()).isEqualTo("d1.cdn.example");
    assertThat(told.aliases()).containsExactly("shop.cdn.example", "*.b.cdn.example");
    assertThat(told.features()).containsExactly(Feature.TENANTS);
    assertThat(Publication.of(tenant(List.of("a.example.com")), GROUP)).isEmpty();
  }

  private static Tenant tenant(List<String> domains) {
    return new Tenant(
        "dt_1", "E1", true, domains, Map.of(), "cg_1", Optional.empty(), Optional.empty());
  }

  private static Origin origin(String domainName, String path) {
    return new Origin(
        "o",
        domainName,
        path,
        Fields.empty(),
        new Origin.S3(Optional.empty(), Duration.ofSeconds(30)),
        3,
        Duration.ofSeconds(10));
  }
}
