package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The parsers of HTTP/1 and the readers of HTTP/2 under bytes that are wrong in every way we know,
 * and in others.
 *
 * <p>The corpus lies in {@code src/test/resources/warmfront/edge/viewer/fuzz}: one input a file, in
 * folders by target and by what is to become of it. The ordinary tests replay it and spoil it by a
 * seeded chance. With {@code --full} Jazzer looks for more, led by the branches that it sees taken;
 * it is slow to start and has no end, so that it has no place before a commit. What it finds is put
 * into the corpus. Longer than a minute: {@code mvn -Dfull -Dwarmfront.fuzz.seconds=3600 -pl edge
 * -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=FuzzTest test}.
 */
final class FuzzTest {
  private static final List<String> VERDICTS = List.of("right", "wrong", "unfinished");
  private static final int SPOILED = 10_000;
  private static final int JAZZER_SECONDS = Integer.getInteger("warmfront.fuzz.seconds", 60);
  private static final String ALPHABET =
      "\r\n\t :;,/?#*=\"\\\u0000\u000b\u007f\u0080\u00ff019aAfFxXzZ+-.[]@_";

  enum Target {
    REQUESTS(Http1Fuzz.Requests.class),
    CHUNKS(Http1Fuzz.Chunks.class),
    FRAMES(Http2Fuzz.class);

    private final Class<?> type;

    Target(Class<?> type) {
      this.type = type;
    }

    void check(byte[] input) {
      switch (this) {
        case REQUESTS -> Http1Fuzz.Requests.fuzzerTestOneInput(input);
        case CHUNKS -> Http1Fuzz.Chunks.fuzzerTestOneInput(input);
        case FRAMES -> Http2Fuzz.fuzzerTestOneInput(input);
      }
    }

    Path corpus() throws URISyntaxException {
      URL folder = FuzzTest.class.getResource("fuzz/" + Ascii.lower(name()));
      return Path.of(Objects.requireNonNull(folder).toURI());
    }

    List<Path> inputs(String verdict) throws Exception {
      try (Stream<Path> files = Files.list(corpus().resolve(verdict))) {
        return files.sorted().toList();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void each_input_of_the_corpus_is_judged_as_its_folder_says(
      Target target, String expected, Path input) throws IOException {
    byte[] bytes = Files.readAllBytes(input);

    target.check(bytes);

    String verdict =
        switch (target) {
          case REQUESTS -> ofRequests(bytes);
          case CHUNKS -> ofChunks(bytes);
          case FRAMES -> Ascii.lower(Http2Fuzz.end(bytes).name());
        };
    assertThat(verdict).isEqualTo(expected);
  }

  static List<Arguments> inputs() throws Exception {
    List<Arguments> all = new ArrayList<>();
    for (Target target : Target.values()) {
      for (String verdict : VERDICTS) {
        target.inputs(verdict).forEach(input -> all.add(arguments(target, verdict, input)));
      }
    }
    return all;
  }

  private static String ofRequests(byte[] bytes) {
    Http1Fuzz.Connection connection = new Http1Fuzz.Connection().read(bytes, bytes.length + 1);
    boolean refused = connection.heard().end() == Http1Fuzz.End.REFUSED;
    return refused ? "wrong" : connection.isBetween() ? "right" : "unfinished";
  }

  private static String ofChunks(byte[] bytes) {
    return switch (Http1Fuzz.verdict(bytes)) {
      case BodyDecoder.END -> "right";
      case BodyDecoder.MORE -> "unfinished";
      default -> "wrong";
    };
  }

  @ParameterizedTest
  @EnumSource
  void what_chance_makes_of_the_corpus_does_no_harm(Target target) throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    for (String verdict : VERDICTS) {
      for (Path input : target.inputs(verdict)) {
        seeds.add(Files.readAllBytes(input));
      }
    }
    SplittableRandom chance = new SplittableRandom(20_260_504);
    int rounds = target == Target.FRAMES ? SPOILED / 5 : SPOILED; // frames are long
    for (int i = 0; i < rounds; i++) {
      byte[] bytes = spoiled(chance, seeds);
      try {
        target.check(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("number " + i + ": " + text(bytes), e);
      }
    }
  }

  private static byte[] spoiled(SplittableRandom chance, List<byte[]> seeds) {
    StringBuilder text = new StringBuilder(text(any(chance, seeds)));
    for (int i = chance.nextInt(4); i >= 0; i--) {
      int at = chance.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + chance.nextInt(1, 20));
      char c = ALPHABET.charAt(chance.nextInt(ALPHABET.length()));
      switch (chance.nextInt(6)) {
        case 0 -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(c));
        case 1 -> text.insert(at, c);
        case 2 -> text.delete(at, Math.min(text.length(), at + 1));
        case 3 -> text.delete(at, to);
        case 4 -> text.insert(at, text.substring(at, to));
        default -> {
          String other = text(any(chance, seeds));
          text.replace(at, text.length(), other.substring(chance.nextInt(other.length() + 1)));
        }
      }
    }
    return Ascii.bytes(text.toString());
  }

  private static byte[] any(SplittableRandom chance, List<byte[]> seeds) {
    return seeds.get(chance.nextInt(seeds.size()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full")
  void jazzer_finds_nothing_more(Target target, @TempDir Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + target.type.getName());
    command.add("--instrumentation_includes=warmfront.**");
    command.add("--custom_hook_excludes=io.netty.**"); // it trips over Netty's queues
    command.addAll(List.of("-max_total_time=" + JAZZER_SECONDS, "-seed=1", "-max_len=2048"));
    command.add(Files.createDirectory(folder.resolve("found")).toString());
    for (String verdict : VERDICTS) {
      command.add(target.corpus().resolve(verdict).toString());
    }

    Process jazzer =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    jazzer.getInputStream().transferTo(said);

    assertThat(jazzer.waitFor()).as("%s", said.toString(UTF_8)).isZero();
    assertThat(said.toString(UTF_8)).contains("DONE");
  }
}
