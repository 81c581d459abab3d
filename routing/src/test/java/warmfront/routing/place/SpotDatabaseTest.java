package warmfront.routing.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.routing.place.SpotDatabase.Spot;

final class SpotDatabaseTest {
  @TempDir private Path folder;

  private SpotDatabase database(SmallDatabase records) throws IOException {
    return SpotDatabase.open(Files.write(folder.resolve("cities.mmdb"), records.bytes()));
  }

  private static Optional<Spot> at(SpotDatabase database, String address) throws IOException {
    return database.find(InetAddress.ofLiteral(address));
  }

  @Test
  void flat_records_are_understood() throws IOException {
    Map<String, ?> record =
        Map.of(
            "city", "Köln",
            "state1", "North Rhine-Westphalia",
            "postcode", "50667",
            "timezone", "Europe/Berlin",
            "latitude", 50.93,
            "longitude", 6.957);
    try (SpotDatabase database = database(new SmallDatabase().with("192.0.2.0", 24, record))) {
      assertThat(at(database, "192.0.2.9"))
          .contains(
              new Spot(
                  "Köln",
                  "",
                  "North Rhine-Westphalia",
                  "50.93000",
                  "6.95700",
                  "",
                  "50667",
                  "Europe/Berlin"));
      assertThat(at(database, "198.51.100.9")).isEmpty();
    }
  }

  @Test
  void nested_records_are_understood() throws IOException {
    Map<String, ?> record =
        Map.of(
            "city", Map.of("names", Map.of("en", "Ann Arbor", "fr", "Arbre d'Anne")),
            "subdivisions",
                List.of(
                    Map.of("iso_code", "MI", "names", Map.of("en", "Michigan")),
                    Map.of("iso_code", "WA", "names", Map.of("en", "Washtenaw"))),
            "postal", Map.of("code", "48103"),
            "location",
                Map.of(
                    "latitude",
                    42.25,
                    "longitude",
                    -83.75,
                    "metro_code",
                    505,
                    "time_zone",
                    "America/Detroit"));
    try (SpotDatabase database = database(new SmallDatabase().with("2001:db8::", 32, record))) {
      assertThat(at(database, "2001:db8::9"))
          .contains(
              new Spot(
                  "Ann Arbor",
                  "MI",
                  "Michigan",
                  "42.25000",
                  "-83.75000",
                  "505",
                  "48103",
                  "America/Detroit"));
    }
  }

  @Test
  void what_a_record_lacks_is_empty() throws IOException {
    SmallDatabase records = new SmallDatabase().with("192.0.2.0", 24, Map.of("latitude", 1.0));
    try (SpotDatabase database = database(records)) {
      assertThat(at(database, "192.0.2.9"))
          .contains(new Spot("", "", "", "1.00000", "", "", "", ""));
    }
  }

  @Test
  void a_file_that_is_no_database_cannot_be_opened() throws IOException {
    Path file = folder.resolve("cities.mmdb");
    Files.write(file, "nothing of the kind".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> SpotDatabase.open(file)).isInstanceOf(IOException.class);
  }
}
