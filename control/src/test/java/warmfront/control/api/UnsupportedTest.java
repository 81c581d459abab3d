package warmfront.control.api;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import warmfront.control.api.Unsupported.Setting;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Operation;

/** Settings that edges do not honour are refused by name, and documented. */
@SuppressWarnings({"deprecation", "unchecked"}) // legacy fields the API still takes; SDK varargs
final class UnsupportedTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "compatibility.md");
  private static final String ARN = "arn:aws:x:us-east-1:123456789012:y/z";

  /** For each setting of the table, a configuration that uses it. */
  private static final Map<String, UnaryOperator<DistributionConfig>> USES =
      Map.ofEntries(
          distribution("ContinuousDeploymentPolicyId", c -> c.continuousDeploymentPolicyId("x")),
          distribution("Staging", c -> c.staging(true)),
          distribution(
              "ConnectionFunctionAssociation",
              c -> c.connectionFunctionAssociation(f -> f.id("x"))),
          behavior(
              "LambdaFunctionAssociations.Quantity",
              b ->
                  b.lambdaFunctionAssociations(l ->
                      l.quantity(1)
                          .items(i -> i.eventType("viewer-request").lambdaFunctionARN(ARN)))),
          behavior(
              "FunctionAssociations.Quantity",
              b ->
                  b.functionAssociations(f ->
                      f.quantity(1)
                          .items(i ->
                              i.eventType("viewer-request")
                                  .functionARN("arn:aws:cloudfront::123456789012:function/f")))),
          behavior("RealtimeLogConfigArn", b -> b.realtimeLogConfigArn(ARN)));

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static Map.Entry<String, UnaryOperator<DistributionConfig>> distribution(
      String path, Consumer<DistributionConfig.Builder> change) {
    return entry("DistributionConfig." + path, config -> config.copy(change));
  }

  private static Map.Entry<String, UnaryOperator<DistributionConfig>> behavior(
      String path, Consumer<DefaultCacheBehavior.Builder> change) {
    return entry(
        "CacheBehavior." + path,
        config ->
            config.copy(c -> c.defaultCacheBehavior(config.defaultCacheBehavior().copy(change))));
  }

  static Stream<Setting> settings() {
    return Unsupported.settings().stream();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void a_setting_that_edges_do_not_honour_is_refused_by_name(Setting setting) {
    DistributionConfig config =
        Objects.requireNonNull(USES.get(setting.name()))
            .apply(Configs.minimal("unsupported " + setting.name()));

    assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(config)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(setting.path())
        .hasMessageContaining("not supported by this version");
  }

  @Test
  void the_document_has_the_table_of_settings() throws IOException {
    Set<String> documented =
        rows(
            Files.readAllLines(DOCUMENT),
            Pattern.compile("\\| `([A-Za-z]+\\.[A-Za-z0-9.]+)` \\|.*"));

    assertThat(documented).isEqualTo(settings().map(Setting::name).collect(Collectors.toSet()));
  }

  @Test
  void the_document_has_the_operations_that_are_there() throws IOException {
    Set<String> documented =
        rows(Files.readAllLines(DOCUMENT), Pattern.compile("\\| `([A-Z][A-Za-z]+)` \\| yes \\|.*"));

    assertThat(documented).isEqualTo(running.server.operations());
    assertThat(Facts.load().operations().stream().map(Operation::name)).containsAll(documented);
  }

  private static Set<String> rows(List<String> lines, Pattern row) {
    return lines.stream()
        .map(row::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toSet());
  }
}
