package warmfront.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say of the house is what stands there. */
final class DocumentsTest {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z0-9.]+);");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*\\*(.*?)\\*/");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| [a-z]* ?\\| `(warmfront[a-z0-9.]*)` \\| (.*) \\|$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  private static final Path HOME = home();

  @Test
  void the_floor_plan_has_every_package_with_its_own_sentence() throws IOException {
    Map<String, String> standing = new TreeMap<>();
    for (Path info : files("package-info.java")) {
      String text = Files.readString(info);
      if (info.toString().contains("/src/main/")) {
        standing.put(only(PACKAGE, text), sentence(only(COMMENT, text)));
      }
    }
    Map<String, String> drawn = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(HOME.resolve("docs/architecture.md")));
    while (rows.find()) {
      drawn.put(rows.group(1), rows.group(2));
    }

    assertThat(drawn).isEqualTo(standing);
  }

  @Test
  void links_between_documents_lead_somewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : files(".md")) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        if (!Files.exists(document.resolveSibling(links.group(1)))) {
          broken.add(HOME.relativize(document) + " -> " + links.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static String sentence(String comment) {
    String plain =
        comment
            .replaceAll("\\n\\s*\\*", "\n")
            .replaceAll("\\s+", " ")
            .replaceAll("\\{@[a-z]+ ([^}]*)}", "`$1`")
            .strip();
    Matcher first = Pattern.compile(".*?\\.(?= |$)").matcher(plain);
    return first.find() ? first.group() : plain;
  }

  private static String only(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return found.group(1);
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(HOME)) {
      return all.filter(path -> path.toString().endsWith(ending))
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> !path.toString().contains("/.build/"))
          .filter(path -> !path.toString().contains("/node_modules/"))
          .toList();
    }
  }

  private static Path home() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("warmfront")) ? here : here.resolve("..").normalize();
  }
}
