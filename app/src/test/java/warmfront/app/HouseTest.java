package warmfront.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole floor plan: each room, the rooms it may look into, and who lives where. */
@AnalyzeClasses(packages = "warmfront", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
  private static final Set<String> CORE =
      Set.of("bytes", "time", "http", "distribution", "signing", "snapshot", "heartbeat", "rtt");

  /** Packages of core, and which others of core each may see. */
  private static final Map<String, Set<String>> WITHIN_CORE =
      Map.of(
          "time", Set.of(),
          "bytes", Set.of("time"),
          "http", Set.of("time", "bytes"),
          "distribution", Set.of("time", "bytes", "http"),
          "signing", Set.of("time", "bytes", "http", "distribution"),
          "snapshot", Set.of("time", "bytes", "http", "distribution"),
          "heartbeat", Set.of("time", "bytes", "http", "distribution"),
          "rtt", Set.of("time", "bytes"));

  /** Modules beside core, and which of one another each may see; all see core. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "link", Set.of(),
          "edge", Set.of(),
          "routing", Set.of(),
          "streaming", Set.of(),
          "control", Set.of("link"),
          "app", Set.of("link", "edge", "routing", "streaming", "control"));

  /** Rooms of streaming, and which others of streaming each may see. */
  private static final Map<String, Set<String>> WITHIN_STREAMING =
      Map.of(
          "rtmp", Set.of(),
          "media", Set.of(),
          "play", Set.of("rtmp", "media"),
          "live", Set.of("rtmp", "media"),
          "segment", Set.of("media"),
          "relay", Set.of("media", "live"),
          "recording", Set.of("media", "live", "segment"),
          "origin", Set.of("media", "live", "segment"));

  /** Names of others, and the only rooms that may know them. */
  private static final Map<String, List<String>> GUESTS =
      Map.ofEntries(
          Map.entry(
              "io.netty",
              List.of(
                  "edge.viewer",
                  "edge.origin",
                  "routing.dns",
                  "streaming.rtmp",
                  "streaming.origin",
                  "link",
                  "control.publish",
                  "app.bench")),
          Map.entry("com.aayushatharva", List.of("edge.coding")),
          Map.entry("com.github.luben", List.of("edge.coding")),
          Map.entry("java.sql", List.of("control.store")),
          Map.entry("org.jdbi", List.of("control.store")),
          Map.entry("com.google.gson", List.of("control.store")),
          Map.entry("org.flywaydb", List.of("control.store")),
          Map.entry("com.zaxxer.hikari", List.of("control.store")),
          Map.entry("software.amazon.awssdk", List.of("control.api", "app.s3", "app.apply")),
          Map.entry("org.gaul", List.of("app.s3")),
          Map.entry("io.helidon", List.of("control.api")),
          Map.entry("org.shredzone", List.of("control.certificate")),
          Map.entry("org.bouncycastle", List.of("link", "control.certificate")),
          Map.entry(
              "com.google.protobuf",
              List.of("snapshot", "link", "control.publish", "control.store")),
          Map.entry("io.grpc", List.of("link", "control.publish", "app")),
          Map.entry("org.xbill", List.of("app.call", "app.doctor")),
          Map.entry("com.maxmind", List.of("routing.place")),
          Map.entry("picocli", List.of("app")),
          Map.entry("io.prometheus", List.of("app.operator")),
          Map.entry("org.snakeyaml", List.of("app.config", "app.apply")));

  private static final Pattern NO_NAME =
      Pattern.compile("util|utils|common|helper|helpers|impl|manager|service|base|internal|misc");

  private static final Pattern SENTENCE =
      Pattern.compile("(?s)\\A\\s*/\\*\\*.*?\\w.*?[.!](\\s.*)?\\*/\\s*@NullMarked\\s+package .*");

  @ArchTest
  static final ArchRule no_circles = slices().matching("warmfront.(**)").should().beFreeOfCycles();

  @ArchTest
  static void core_is_a_staircase(JavaClasses classes) {
    WITHIN_CORE.forEach((room, mayAlsoSee) -> {
      Set<String> hidden = new TreeSet<>(CORE);
      hidden.removeAll(mayAlsoSee);
      hidden.remove(room);
      mayNotSee(classes, room, "core", hidden);
      mayNotSee(classes, room, "core", MODULES.keySet());
    });
  }

  @ArchTest
  static void planes_never_see_one_another(JavaClasses classes) {
    MODULES.forEach((module, mayAlsoSee) -> {
      Set<String> hidden = new TreeSet<>(MODULES.keySet());
      hidden.removeAll(mayAlsoSee);
      hidden.remove(module);
      mayNotSee(classes, module, "its place", hidden);
    });
  }

  @ArchTest
  static void rooms_of_the_edge_see_only_the_steps(JavaClasses classes) {
    noClasses()
        .that(resideInAnyPackage("warmfront.edge.step.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("warmfront.edge..")
                .and(resideOutsideOfPackages("warmfront.edge.step..")))
        .allowEmptyShould(true)
        .check(classes);
    for (String room :
        List.of(
            "viewer",
            "behavior",
            "policy",
            "function",
            "cache",
            "coding",
            "encryption",
            "origin",
            "peer",
            "smooth",
            "log")) {
      String own = "warmfront.edge." + room + "..";
      String further = room.equals("policy") ? "warmfront.edge.function.." : own;
      noClasses()
          .that(resideInAnyPackage(own))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("warmfront.edge..")
                  .and(resideOutsideOfPackages(own, further, "warmfront.edge.step..")))
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static void rooms_of_streaming_see_what_they_stand_on(JavaClasses classes) {
    WITHIN_STREAMING.forEach((room, mayAlsoSee) -> {
      Set<String> hidden = new TreeSet<>(WITHIN_STREAMING.keySet());
      hidden.removeAll(mayAlsoSee);
      hidden.remove(room);
      Set<String> rooms = new TreeSet<>();
      hidden.forEach(other -> rooms.add("streaming." + other));
      mayNotSee(classes, "streaming." + room, "streaming", rooms);
    });
  }

  @ArchTest
  static void rooms_never_see_the_hall_above(JavaClasses classes) {
    for (String module : MODULES.keySet()) {
      String hall = "warmfront." + module;
      noClasses()
          .that(resideInAnyPackage(hall + "..").and(resideOutsideOfPackages(hall)))
          .should()
          .dependOnClassesThat(resideInAnyPackage(hall))
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static void guests_stay_in_their_rooms(JavaClasses classes) {
    GUESTS.forEach((guest, rooms) -> {
      String[] hosts =
          rooms.stream().map(room -> "warmfront." + room + "..").toArray(String[]::new);
      noClasses()
          .that(resideInAnyPackage("warmfront..").and(resideOutsideOfPackages(hosts)))
          .should()
          .dependOnClassesThat(resideInAnyPackage(guest + ".."))
          .because(guest + " is known in " + rooms + " only")
          .allowEmptyShould(true)
          .check(classes);
    });
  }

  @ArchTest
  static void the_time_is_asked_in_one_place(JavaClasses classes) {
    noClasses()
        .that(resideOutsideOfPackages("warmfront.time.."))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .because("warmfront.time is the only place that asks what time it is")
        .check(classes);
  }

  @Test
  void every_package_says_in_a_sentence_what_it_is() throws IOException {
    Map<String, String> wrong = new TreeMap<>();
    for (Path folder : packages()) {
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info)) {
        wrong.put(folder.toString(), "no package-info.java");
      } else if (!SENTENCE.matcher(Files.readString(info)).matches()) {
        wrong.put(folder.toString(), "no sentence, or not @NullMarked");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void no_package_has_a_name_that_says_nothing() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path folder : packages()) {
      if (NO_NAME.matcher(folder.getFileName().toString()).matches()) {
        wrong.add(folder.toString());
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void mayNotSee(JavaClasses classes, String room, String why, Set<String> hidden) {
    String[] others =
        hidden.stream().map(other -> "warmfront." + other + "..").toArray(String[]::new);
    noClasses()
        .that(resideInAnyPackage("warmfront." + room + ".."))
        .should()
        .dependOnClassesThat(resideInAnyPackage(others))
        .because("of %s, %s may not see %s".formatted(why, room, Arrays.asList(others)))
        .allowEmptyShould(true)
        .check(classes);
  }

  /** Folders of main sources that hold Java files, in every module. */
  private static List<Path> packages() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path home = Files.exists(here.resolve("warmfront")) ? here : here.resolve("..").normalize();
    List<Path> found = new ArrayList<>();
    for (String module :
        List.of("core", "link", "edge", "routing", "streaming", "control", "app", "bench")) {
      try (Stream<Path> files = Files.walk(home.resolve(module).resolve("src/main/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .map(Path::getParent)
            .distinct()
            .forEach(found::add);
      }
    }
    return found;
  }
}
