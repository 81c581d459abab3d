package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.rtt.Prefix;

final class RulesTest {
  private static final Map<String, String> GROUPS = Map.of("west", "AAA", "east", "BBB");

  private static Rules.Read read(String text) throws IOException {
    return Rules.read(new StringReader(text));
  }

  private static List<Rules.Rule> loaded(Rules.Read read) {
    return ((Rules.Read.Loaded) read).rules().rules();
  }

  @Test
  void a_table_is_read_line_by_line() throws IOException {
    String text =
        """
        # viewers     action  locations

        10.20.0.0/16,pin,FRA
        fd00::/32, prefer, NRT, SYD
        100.64.0.0/10,forbid,CMH
        """;

    assertThat(loaded(read(text)))
        .containsExactly(
            new Rules.Rule(Prefix.parse("10.20.0.0/16"), Rules.Action.PIN, List.of("FRA")),
            new Rules.Rule(Prefix.parse("fd00::/32"), Rules.Action.PREFER, List.of("NRT", "SYD")),
            new Rules.Rule(Prefix.parse("100.64.0.0/10"), Rules.Action.FORBID, List.of("CMH")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "10.0.0.0/8,pin",
        "10.0.0.0/8,pin,fra",
        "10.0.0.0/8,pin,FRA,FRA",
        "10.0.0.0/8,send,FRA",
        "10.0.0.0/25,pin,FRA",
        "10.0.0.1/8,pin,FRA",
        "2001:db8::/57,pin,FRA",
        "10.0.0.0,pin,FRA",
        "192.0.2.0/24,pin,NRT",
      })
  void what_is_wrong_is_told_with_its_line(String wrong) throws IOException {
    Rules.Read read = read("192.0.2.0/24,pin,FRA\n\n" + wrong + "\n198.51.100.0/24,pin,FRA\n");

    assertThat(((Rules.Read.Malformed) read).line()).isEqualTo(3);
  }

  @Test
  void a_line_and_a_table_are_not_endless() throws IOException {
    assertThat(read("#" + "x".repeat(8192))).isInstanceOf(Rules.Read.Malformed.class);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= Rules.RULES_MAX; i++) {
      text.append("%d.%d.%d.0/24,pin,FRA\n".formatted(1 + (i >> 16), i >> 8 & 0xff, i & 0xff));
    }
    assertThat(((Rules.Read.Malformed) read(text.toString())).line())
        .isEqualTo(Rules.RULES_MAX + 1);
  }

  @Test
  void a_coverage_zone_file_becomes_rules() {
    Map<String, ?> west =
        Map.of(
            "network6",
            List.of("2001:db8::/48"),
            "network",
            List.of("192.168.8.0/24", "10.0.0.0/8"),
            "coordinates",
            Map.of("latitude", 1.5, "longitude", -2));
    Map<String, ?> east = Map.of("network", List.of("100.64.0.0/10"));
    Map<String, ?> file =
        Map.of(
            "revision",
            "2026-01-01",
            "customerName",
            "x",
            "coverageZones",
            Map.of("west", west, "east", east));

    assertThat(loaded(CoverageZones.read(file, GROUPS)))
        .contains(
            new Rules.Rule(Prefix.parse("2001:db8::/48"), Rules.Action.PREFER, List.of("AAA")),
            new Rules.Rule(Prefix.parse("192.168.8.0/24"), Rules.Action.PREFER, List.of("AAA")),
            new Rules.Rule(Prefix.parse("100.64.0.0/10"), Rules.Action.PREFER, List.of("BBB")))
        .hasSize(4);
  }

  @Test
  void groups_without_a_location_are_named_all() {
    Object zones = Map.of("north", Map.of(), "west", Map.of(), "south", Map.of());

    assertThat(reason(zones)).contains("north, south").doesNotContain("west");
  }

  @Test
  void what_is_no_coverage_zone_file_is_told() {
    assertThat(CoverageZones.read(null, GROUPS)).isInstanceOf(Rules.Read.Malformed.class);
    assertThat(CoverageZones.read(List.of(), GROUPS)).isInstanceOf(Rules.Read.Malformed.class);
    assertThat(CoverageZones.read(Map.of(), GROUPS)).isInstanceOf(Rules.Read.Malformed.class);
    assertThat(reason(List.of())).contains("coverageZones is an object");
    assertThat(reason(Map.of("west", Map.of("network", "10.0.0.0/8"))))
        .contains("network is a list");
    assertThat(reason(Map.of(1, Map.of()))).contains("1");
    assertThat(reason(west("10.0.0.0/26"))).contains("west", "10.0.0.0/26");
    assertThat(reason(west(1))).contains("west", "1");
  }

  @Test
  void a_network_of_two_groups_is_told() {
    Map<String, ?> networks = Map.of("network", List.of("10.0.0.0/8"));

    assertThat(reason(Map.of("west", networks, "east", networks)))
        .contains("10.0.0.0/8", "west", "east");
  }

  private static Map<String, ?> west(Object network) {
    return Map.of("west", Map.of("network", List.of(network)));
  }

  private static String reason(Object zones) {
    Rules.Read read = CoverageZones.read(Map.of("coverageZones", zones), GROUPS);
    return ((Rules.Read.Malformed) read).reason();
  }

  @Test
  void groups_are_given_locations_line_by_line() {
    assertThat(CoverageZones.locations("# groups\n\nwest = AAA\na=b=BBB\n"))
        .isEqualTo(Map.of("west", "AAA", "a=b", "BBB"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoverageZones.locations("west=AAA\neast"))
        .withMessageContaining("line 2");
  }
}
