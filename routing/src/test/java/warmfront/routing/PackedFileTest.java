package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.routing.place.SmallDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

final class PackedFileTest {
  private static final byte[] GERMAN = database("DE");
  private static final byte[] JAPANESE = database("JP");

  @TempDir Path folder;
  @TempDir Path beside;

  @Test
  void what_is_kept_says_what_was_made() throws IOException {
    CountryRanges made = packed(folder, GERMAN);

    CountryRanges kept = packed(folder, GERMAN);

    assertThat(kept.codes()).isEqualTo(made.codes());
    for (String address : new String[] {"8.8.8.0/24", "47.0.0.0/24", "1.1.1.0/24"}) {
      assertThat(country(kept, address)).isEqualTo(country(made, address));
    }
    assertThat(country(kept, "47.0.0.0/24")).isEqualTo("DE");
    assertThat(files()).containsExactly("countries.ranges");
  }

  @Test
  void another_database_is_not_answered_from_what_was_kept() throws IOException {
    packed(folder, GERMAN);

    assertThat(country(packed(folder, JAPANESE), "47.0.0.0/24")).isEqualTo("JP");
    assertThat(country(packed(folder, GERMAN), "47.0.0.0/24")).isEqualTo("DE");
  }

  @Test
  void what_lies_ready_beside_the_database_is_not_made_again() throws IOException {
    packed(beside, GERMAN);

    CountryRanges ready = packed(folder, GERMAN);

    assertThat(country(ready, "47.0.0.0/24")).isEqualTo("DE");
    assertThat(files()).isEmpty();
    assertThat(country(packed(folder, JAPANESE), "47.0.0.0/24")).isEqualTo("JP");
  }

  @Test
  void a_damaged_file_is_made_anew_wherever_it_is_damaged() throws IOException {
    packed(folder, GERMAN);
    Path file = folder.resolve("countries.ranges");
    byte[] whole = Files.readAllBytes(file);

    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      assertThat(country(packed(folder, GERMAN), "47.0.0.0/24")).isEqualTo("DE");
      Files.write(file, Arrays.copyOf(whole, at));
      assertThat(country(packed(folder, GERMAN), "47.0.0.0/24")).isEqualTo("DE");
    }
  }

  @Test
  void a_folder_that_cannot_be_written_costs_only_time() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("file"));

    CountryRanges made = packed(notAFolder, GERMAN);

    assertThat(country(made, "47.0.0.0/24")).isEqualTo("DE");
  }

  private CountryRanges packed(Path into, byte[] database) throws IOException {
    Path table = Files.write(beside.resolve("countries.mmdb"), database);
    return new PackedFile<>(CountryRanges.FORM, into).of(table);
  }

  private static String country(CountryRanges ranges, String prefix) {
    int code = ranges.of(Family.IPV4).value(Prefix.parse(prefix).bits());
    return code < 0 ? "none" : ranges.codes().get(code);
  }

  private String[] files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toArray(String[]::new);
    }
  }

  private static byte[] database(String country) {
    return new SmallDatabase()
        .with("8.0.0.0", 9, "US")
        .with("47.0.0.0", 16, country)
        .with("2a00::", 12, "DE")
        .bytes();
  }
}
