package warmfront.routing.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class CountriesTest {
  @Test
  void every_country_that_the_JDK_knows_has_a_place() {
    Countries countries = Countries.known();

    assertThat(Locale.getISOCountries()).allMatch(code -> countries.find(code).isPresent());
    assertThat(countries.find("ZZ")).isEmpty();
  }

  @Test
  void great_circles_are_as_long_as_they_are() {
    Coordinates frankfurt = new Coordinates(50.03, 8.57);
    Coordinates tokyo = new Coordinates(35.76, 140.39);

    assertThat(frankfurt.kilometresTo(tokyo)).isCloseTo(9350, within(60.0));
    assertThat(new Coordinates(0, 179).kilometresTo(new Coordinates(0, -179)))
        .isCloseTo(222, within(2.0));
  }
}
