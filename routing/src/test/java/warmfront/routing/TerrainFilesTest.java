package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.Grid;
import warmfront.routing.map.Terrain;
import warmfront.routing.place.Coordinates;
import warmfront.routing.place.SmallDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

final class TerrainFilesTest {
  @TempDir private Path folder;

  private static int value(Ranges ranges, String prefix) {
    return ranges.value(Prefix.parse(prefix).bits());
  }

  private Optional<Path> file(String name, byte[] content) throws IOException {
    return Optional.of(Files.write(folder.resolve(name), content));
  }

  private static TerrainFiles.Tables of(
      Optional<Path> systems, Optional<Path> cities, Optional<Path> countries) {
    return new TerrainFiles.Tables(systems, cities, countries, Optional.empty());
  }

  @Test
  void systems_are_read_from_text() throws IOException {
    String text =
        """
        1.0.0.0,1.0.0.255,13335,"Example, Inc."
        1.0.16.0,1.0.31.255,2519
        2001:db8::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,64500
        2001:db9::,2001:db9::ffff,4294967295
        """;

    Terrain terrain =
        TerrainFiles.read(
            of(
                file("s.csv", text.getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                Optional.empty()));

    assertThat(value(terrain.systems(Family.IPV4), "1.0.0.0/24")).isEqualTo(13335);
    assertThat(value(terrain.systems(Family.IPV4), "1.0.1.0/24")).isEqualTo(Ranges.NONE);
    assertThat(value(terrain.systems(Family.IPV4), "1.0.31.0/24")).isEqualTo(2519);
    assertThat(value(terrain.systems(Family.IPV6), "2001:db8:1:ff00::/56")).isEqualTo(64500);
    assertThat(value(terrain.systems(Family.IPV6), "2001:db8:2::/56")).isEqualTo(Ranges.NONE);
  }

  @Test
  void a_line_that_is_no_range_of_a_system_is_named() throws IOException {
    Path table =
        file("s.csv", "1.0.0.0,1.0.0.255,1\n1.0.1.0,nobody,2\n".getBytes(StandardCharsets.UTF_8))
            .orElseThrow();

    assertThatThrownBy(() -> SystemRanges.of(table))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2");
    Terrain without = TerrainFiles.read(of(Optional.of(table), Optional.empty(), Optional.empty()));
    assertThat(value(without.systems(Family.IPV4), "1.0.0.0/24")).isEqualTo(Ranges.NONE);
  }

  @Test
  void systems_are_read_from_a_database() throws IOException {
    byte[] database =
        new SmallDatabase()
            .with("10.0.0.0", 9, Map.of("autonomous_system_number", 64_501))
            .with("2001:db8::", 32, Map.of("autonomous_system_number", 64_502))
            .with("192.0.2.0", 24, Map.of("other", "x"))
            .bytes();

    Terrain terrain =
        TerrainFiles.read(of(file("s.mmdb", database), Optional.empty(), Optional.empty()));

    assertThat(value(terrain.systems(Family.IPV4), "10.127.255.0/24")).isEqualTo(64_501);
    assertThat(value(terrain.systems(Family.IPV4), "10.128.0.0/24")).isEqualTo(Ranges.NONE);
    assertThat(value(terrain.systems(Family.IPV4), "192.0.2.0/24")).isEqualTo(Ranges.NONE);
    assertThat(value(terrain.systems(Family.IPV6), "2001:db8:ff::/56")).isEqualTo(64_502);
  }

  @Test
  void cities_in_either_shape_count_before_countries() throws IOException {
    byte[] cities =
        new SmallDatabase()
            .with("1.0.0.0", 24, Map.of("latitude", 48.1, "longitude", 11.6))
            .with("1.0.1.0", 24, Map.of("location", Map.of("latitude", -33.9, "longitude", 151.2)))
            .with("1.0.2.0", 24, Map.of("latitude", 123.0, "longitude", 11.6))
            .bytes();
    byte[] countries = new SmallDatabase().with("1.0.0.0", 16, "JP").bytes();

    Terrain terrain =
        TerrainFiles.read(of(Optional.empty(), file("c.mmdb", cities), file("k.mmdb", countries)));

    Ranges places = terrain.places(Family.IPV4);
    assertThat(value(places, "1.0.0.0/24")).isEqualTo(Grid.cell(new Coordinates(48.1, 11.6)));
    assertThat(value(places, "1.0.1.0/24")).isEqualTo(Grid.cell(new Coordinates(-33.9, 151.2)));
    Coordinates japan = Grid.middle(value(places, "1.0.2.0/24"));
    assertThat(japan.kilometresTo(new Coordinates(36, 138))).isLessThan(500);
    assertThat(value(places, "2.0.0.0/24")).isEqualTo(Ranges.NONE);
  }
}
