package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;
import warmfront.time.ManualClock;

/**
 * What a version wrote stays readable for ever: a map, a change of it, the map that the change
 * makes, and the memory of the maker, with what each of them says. A file that is here is never
 * written anew.
 */
final class GoldenMapTest {
  private static final int SYSTEM_4 = 64_500;
  private static final int SYSTEM_4_MORE = 64_501;
  private static final int SYSTEM_6 = 64_502;

  @ParameterizedTest
  @ValueSource(strings = "0.1.0")
  void what_an_earlier_version_wrote_is_read(String release) throws IOException {
    LatencyMap held = MapCodecTest.empty();
    LatencyMap made = held;
    MapMaker maker =
        new MapMaker(
            terrain(), MapLimits.DEFAULT, new ManualClock(Instant.parse("2026-01-01T00:06:00Z")));
    int said = 0;
    for (String line : read("golden-" + release + ".txt")) {
      List<String> words = List.of(line.split(" "));
      byte[] bytes = bytes(words);
      switch (words.getFirst()) {
        case "WHOLE" -> held = sound(LatencyMap.read(ByteBuffer.wrap(bytes)));
        case "CHANGE" -> made = sound(held.with(ByteBuffer.wrap(bytes)));
        case "NEXT" -> {
          held = sound(LatencyMap.read(ByteBuffer.wrap(bytes)));
          assertThat(made.edition().content()).isEqualTo(ByteBuffer.wrap(bytes));
        }
        case "ANSWER" -> assertThat(answer(held, words.get(1))).isEqualTo(line);
        case "MEMORY" -> {
          maker.restore(new ByteArrayInputStream(bytes));
          assertThat(maker.newest().orElseThrow().checksum()).isEqualTo(held.checksum());
        }
        default -> assertThat(known(maker, words.get(1))).contains(line);
      }
      said++;
    }
    assertThat(said).isGreaterThan(60);
  }

  private static byte[] bytes(List<String> words) {
    return words.size() == 2 && !words.getFirst().equals("ANSWER")
        ? HexFormat.of().parseHex(words.get(1))
        : new byte[0];
  }

  private static LatencyMap sound(LatencyMap.Read read) {
    assertThat(read).isInstanceOf(LatencyMap.Read.Sound.class);
    return ((LatencyMap.Read.Sound) read).map();
  }

  /** Says a range's list: the operator's word, the share explored, location:step:flags. */
  private static String answer(LatencyMap map, String viewers) {
    Prefix one = Prefix.parse(viewers);
    StringBuilder text = new StringBuilder("ANSWER " + viewers);
    int number = map.ranges(one.family()).value(one.bits());
    if (number != Ranges.NONE) {
      CandidateList list = map.lists().get(number);
      text.append(" %s %d".formatted(list.word(), list.sharePerMille()));
      for (int rank = 0; rank < list.size(); rank++) {
        String code = map.head().locations().get(list.location(rank));
        text.append(" %s:%d:%d".formatted(code, list.step(rank), list.flags(rank)));
      }
    }
    return text.toString();
  }

  private static List<String> known(MapMaker maker, String viewers) {
    return maker.known(Prefix.parse(viewers)).stream()
        .map(one ->
            String.format(
                Locale.ROOT,
                "KNOWN %s %s %.3f %.3f",
                viewers,
                one.location(),
                one.millis(),
                one.samples()))
        .toList();
  }

  private static Terrain terrain() {
    Ranges systems4 =
        Ranges.of(
            Family.IPV4,
            List.of(
                new Ranges.Row(Prefix.parse("192.0.0.0/16"), SYSTEM_4),
                new Ranges.Row(Prefix.parse("198.51.100.0/22"), SYSTEM_4_MORE)));
    Ranges systems6 =
        Ranges.of(Family.IPV6, List.of(new Ranges.Row(Prefix.parse("2001:db8::/40"), SYSTEM_6)));
    return new Terrain(
        systems4,
        systems6,
        systems4.map(_ -> Grid.cell(new Coordinates(0, 5))),
        systems6.map(_ -> Grid.cell(new Coordinates(0, 35))));
  }

  private static List<String> read(String name) throws IOException {
    try (InputStream in = GoldenMapTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
