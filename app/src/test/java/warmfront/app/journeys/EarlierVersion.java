package warmfront.app.journeys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import warmfront.distribution.Feature;

/** This version, as it was before a feature came to it. */
final class EarlierVersion {
  private EarlierVersion() {}

  /**
   * Compiles the list of features, of which a server says that it knows all but one.
   *
   * @param folder where the class is put
   * @return a folder of classes that come before those of this version
   */
  static Path without(Feature later, Path folder) throws IOException {
    String all =
        Arrays.stream(Feature.values()).map(Feature::name).collect(Collectors.joining(", "));
    Path classes = Files.createDirectories(folder.resolve("without-" + later));
    Path source =
        Files.writeString(
            classes.resolve("Feature.java"),
            """
            package warmfront.distribution;

            import java.util.Arrays;
            import java.util.Set;
            import java.util.stream.Collectors;

            public enum Feature {
              %s;

              public static Set<String> names() {
                return Arrays.stream(values())
                    .filter(feature -> feature != %s)
                    .map(Feature::name)
                    .collect(Collectors.toSet());
              }
            }
            """
                .formatted(all, later));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    if (status != 0) {
      throw new IOException("the earlier version cannot be compiled: " + source);
    }
    return classes;
  }
}
