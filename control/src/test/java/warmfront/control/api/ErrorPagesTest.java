package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfigWithTags;
import software.amazon.awssdk.services.cloudfront.model.InvalidTaggingException;
import warmfront.distribution.Kind;

/** The tag that says which behaviors have error pages. */
@SuppressWarnings("unchecked") // varargs of the SDK
final class ErrorPagesTest {
  private static final String TAG = "warmfront:error-pages";

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

  private static DistributionConfig config(String reference, String... patterns) {
    return Configs.minimal(reference)
        .copy(c ->
            c.cacheBehaviors(b ->
                b.quantity(patterns.length)
                    .items(
                        List.of(patterns).stream()
                            .map(pattern ->
                                CacheBehavior.builder()
                                    .pathPattern(pattern)
                                    .targetOriginId("o")
                                    .viewerProtocolPolicy("allow-all")
                                    .cachePolicyId(Configs.OPTIMIZED)
                                    .build())
                            .toList())));
  }

  private static Distribution create(DistributionConfig config, String value) {
    return client
        .createDistributionWithTags(r ->
            r.distributionConfigWithTags(
                DistributionConfigWithTags.builder()
                    .distributionConfig(config)
                    .tags(t -> t.items(i -> i.key(TAG).value(value)))
                    .build()))
        .distribution();
  }

  private static Optional<Set<String>> pagesOf(Distribution made) {
    return ((warmfront.distribution.Distribution)
            running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, made.id())).orElseThrow())
        .wishes()
        .responses()
        .pagesOf();
  }

  @Test
  void behaviors_are_named_without_wildcards_and_the_default_by_a_word() {
    Distribution made =
        create(config("named", "/api/*", "/v?/app*", "*.css"), "default /v/app .css");

    assertThat(pagesOf(made)).contains(Set.of("*", "/v?/app*", "*.css"));
    client.tagResource(
        r -> r.resource(made.arn()).tags(t -> t.items(i -> i.key(TAG).value("default"))));
    assertThat(pagesOf(made)).contains(Set.of("*"));
    client.untagResource(r -> r.resource(made.arn()).tagKeys(k -> k.items(TAG)));
    assertThat(pagesOf(made)).isEmpty();
  }

  @Test
  void a_behavior_that_goes_is_named_for_nothing_and_one_that_comes_has_no_pages() {
    DistributionConfig before = config("goes", "/app/*");
    Distribution made = create(before, "/app/");
    String version = client.getDistribution(r -> r.id(made.id())).eTag();

    client.updateDistribution(
        r -> r.id(made.id()).ifMatch(version).distributionConfig(config("goes", "/api/*")));

    assertThat(pagesOf(made)).contains(Set.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/api", "default /other/", "/api/ /api/x", "Default"})
  void what_is_no_behavior_is_refused_by_name(String value) {
    assertThatThrownBy(() -> create(config("none " + value, "/api/*"), value))
        .isInstanceOf(InvalidTaggingException.class)
        .hasMessageContaining("[/api/, default]");
  }
}
