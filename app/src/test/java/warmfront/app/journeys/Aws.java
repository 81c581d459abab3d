package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The AWS command line, as somebody uses it who has a process of ours for an endpoint. */
final class Aws {
  private final Warmfront warmfront;
  private final Path folder;

  /**
   * Makes one.
   *
   * @param folder keeps what it says
   */
  Aws(Warmfront warmfront, Path folder) {
    this.warmfront = warmfront;
    this.folder = folder;
  }

  /** Returns whether it is installed. */
  static boolean isThere() {
    return Tool.isThere("aws");
  }

  private Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        warmfront.key().accessKeyId(),
        "AWS_SECRET_ACCESS_KEY",
        warmfront.key().secretAccessKey(),
        "AWS_DEFAULT_REGION",
        "us-east-1",
        "AWS_CONFIG_FILE",
        "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE",
        "/dev/null",
        "AWS_EC2_METADATA_DISABLED",
        "true",
        "AWS_PAGER",
        "");
  }

  /**
   * Runs a command.
   *
   * @param arguments from the service's name on
   */
  Tool.Said run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("aws", "--endpoint-url", warmfront.api().toString()));
    command.addAll(List.of("--output", "json"));
    command.addAll(List.of(arguments));
    return Tool.run(folder, environment(), command.toArray(String[]::new));
  }

  /** Runs a command that succeeds, and returns what it says. */
  Map<String, Object> json(String... arguments) throws Exception {
    Tool.Said said = run(arguments);
    assertThat(said.status()).as(said.stderr()).isZero();
    return Program.json(said.stdout());
  }

  /** Returns an object within what was said. */
  @SuppressWarnings("unchecked") // the keys of a JSON object are text
  static Map<String, Object> inner(Map<String, Object> all, String name) {
    if (all.get(name) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("no object " + name + " in " + all.keySet());
  }
}
