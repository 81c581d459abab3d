package warmfront.routing.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CountryDatabaseTest {
  @Test
  void addresses_of_both_families_have_their_countries_and_private_ones_none() throws IOException {
    byte[] file =
        new SmallDatabase()
            .with("1.0.0.0", 24, "AU")
            .with("8.0.0.0", 9, "US")
            .with("2a00::", 12, "DE")
            .bytes();

    CountryDatabase database = CountryDatabase.read(new ByteArrayInputStream(file));

    assertThat(database.country(InetAddress.ofLiteral("8.8.8.8"))).contains("US");
    assertThat(database.country(InetAddress.ofLiteral("2a00:1450::1"))).contains("DE");
    assertThat(database.country(InetAddress.ofLiteral("192.168.1.1"))).isEmpty();
  }

  @Test
  void networks_are_shown_in_ascending_order_with_lengths_of_their_family() throws IOException {
    byte[] file =
        new SmallDatabase()
            .with("2a00::", 12, "DE")
            .with("8.0.0.0", 9, "US")
            .with("1.0.0.0", 24, "AU")
            .bytes();
    List<String> shown = new ArrayList<>();

    CountryDatabase.read(new ByteArrayInputStream(file))
        .forEach((address, length, country) -> shown.add(address.getHostAddress() + "/" + length));

    assertThat(shown).containsExactly("1.0.0.0/24", "8.0.0.0/9", "2a00:0:0:0:0:0:0:0/12");
  }

  @Test
  void what_is_no_database_is_an_error() {
    assertThatThrownBy(() -> CountryDatabase.read(new ByteArrayInputStream(new byte[1000])))
        .isInstanceOf(IOException.class);
  }
}
