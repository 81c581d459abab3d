package warmfront.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import warmfront.app.apply.ApplyException;
import warmfront.app.apply.Applying;
import warmfront.app.call.SignedHttp;
import warmfront.time.Clock;

/** Makes what a CloudFormation template describes. */
@Command(
    name = "apply",
    description = "Make what a CloudFormation template describes; remove what left it.",
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
  @Mixin private Caller caller = new Caller();

  @Parameters(paramLabel = "FILE", description = "The template, YAML or JSON.")
  private Path template = Path.of("");

  @Option(names = "--stack", description = "The stack's name (default: the file's).")
  private @Nullable String stack;

  @Option(names = "--plan", description = "Show what would be done, and do nothing.")
  private boolean isPlanOnly;

  @Option(names = "--parameter", paramLabel = "NAME=VALUE", description = "Of the template.")
  private Map<String, String> parameters = Map.of();

  @Option(
      names = "--skip-unsupported",
      description = "Leave out resources that are not made here, with what refers to them.")
  private boolean skips;

  @Option(
      names = "--s3",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:7401",
      description = "Where buckets are (default: ${DEFAULT-VALUE}).")
  private URI s3 = URI.create("http://127.0.0.1:7401");

  @Option(
      names = "--region",
      defaultValue = "us-east-1",
      description = "What the template is told (default: ${DEFAULT-VALUE}).")
  private String region = "us-east-1";

  @Option(
      names = "--stacks",
      paramLabel = "DIR",
      description = "Where stacks are remembered (default: stacks in the data directory).")
  private @Nullable Path stacks;

  @Override
  public Integer call() throws InterruptedException, StartException, IOException {
    Applying.Asked asked =
        new Applying.Asked(
            template,
            stack == null ? Applying.stackOf(template) : stack,
            region,
            parameters,
            isPlanOnly,
            skips);
    Clock clock = Clock.system();
    try (SignedHttp api = caller.open();
        SignedHttp buckets = SignedHttp.s3(s3, region, caller.key(), clock)) {
      new Applying(api, buckets, System.out, clock).run(asked, folder());
      return 0;
    } catch (ApplyException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private Path folder() throws StartException {
    return stacks == null ? caller.folder().resolve("stacks") : stacks;
  }
}
