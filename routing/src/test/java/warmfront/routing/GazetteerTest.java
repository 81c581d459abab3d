package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.routing.place.SmallDatabase;

final class GazetteerTest {
  @TempDir private Path folder;

  private static Optional<String> country(Gazetteer gazetteer, String address) {
    return gazetteer.country(InetAddress.ofLiteral(address));
  }

  @Test
  void the_country_of_an_address_is_that_of_its_range() throws IOException {
    byte[] database =
        new SmallDatabase()
            .with("192.0.2.0", 24, "DE")
            .with("198.51.100.0", 24, "JP")
            .with("2001:db8::", 32, "BR")
            .bytes();
    Path file = Files.write(folder.resolve("countries.mmdb"), database);

    Gazetteer gazetteer =
        Gazetteer.read(
            new TerrainFiles.Tables(
                Optional.empty(), Optional.empty(), Optional.of(file), Optional.empty()));

    assertThat(country(gazetteer, "192.0.2.77")).contains("DE");
    assertThat(country(gazetteer, "198.51.100.1")).contains("JP");
    assertThat(country(gazetteer, "2001:db8:77::1")).contains("BR");
    assertThat(country(gazetteer, "203.0.113.1")).isEmpty();
  }

  @Test
  void private_addresses_are_in_no_country_whatever_the_table_says() throws IOException {
    byte[] database = new SmallDatabase().with("10.0.0.0", 8, "US").with("fd00::", 8, "US").bytes();
    Path file = Files.write(folder.resolve("countries.mmdb"), database);

    Gazetteer gazetteer =
        Gazetteer.read(
            new TerrainFiles.Tables(
                Optional.empty(), Optional.empty(), Optional.of(file), Optional.empty()));

    assertThat(country(gazetteer, "10.1.2.3")).isEmpty();
    assertThat(country(gazetteer, "fd00::1")).isEmpty();
  }

  @Test
  void the_system_of_an_address_is_known_once_its_table_is_read() throws IOException {
    Path file = folder.resolve("systems.csv");
    Files.writeString(
        file, "192.0.2.0,192.0.2.255,64500,Example\n2001:db8::,2001:db8::ffff,64501\n");
    TerrainFiles.Tables tables =
        new TerrainFiles.Tables(
            Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty());

    Gazetteer before = Gazetteer.read(tables);
    Gazetteer after = before.withSystems(tables);

    assertThat(before.system(InetAddress.ofLiteral("192.0.2.7"))).isZero();
    assertThat(after.system(InetAddress.ofLiteral("192.0.2.7"))).isEqualTo(64_500);
    assertThat(after.system(InetAddress.ofLiteral("2001:db8::7"))).isEqualTo(64_501);
    assertThat(after.system(InetAddress.ofLiteral("203.0.113.7"))).isZero();
  }

  @Test
  void without_a_table_no_address_is_anywhere() {
    Gazetteer gazetteer =
        Gazetteer.read(
            new TerrainFiles.Tables(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));

    assertThat(country(gazetteer, "192.0.2.1")).isEmpty();
  }
}
