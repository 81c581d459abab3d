package warmfront.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LocationNameTest {
  @Test
  void a_distribution_has_a_name_at_each_location() {
    assertThat(LocationName.of("d111111abcdef8.cdn.example.net", "FRA"))
        .isEqualTo("d111111abcdef8-fra.cdn.example.net");
    assertThat(LocationName.domainName("d111111abcdef8-fra.cdn.example.net"))
        .contains("d111111abcdef8.cdn.example.net");
  }

  @Test
  void other_names_are_none() {
    for (String host :
        new String[] {
          "d111111abcdef8.cdn.example.net", "-fra.cdn.example.net", "fra", "", "a-long.example"
        }) {
      assertThat(LocationName.domainName(host)).as(host).isEmpty();
    }
  }
}
