package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.InvalidationSummary;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Kind;

/** What edges say was written to is invalidated, for distributions that ask for it. */
final class WrittenTest {
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

  private static List<InvalidationSummary> listed(String distribution) {
    return client.listInvalidations(r -> r.distributionId(distribution)).invalidationList().items();
  }

  @Test
  void a_path_is_invalidated_with_whatever_query_it_has() {
    Distribution made =
        client
            .createDistributionWithTags(r ->
                r.distributionConfigWithTags(both ->
                    both.distributionConfig(Configs.minimal("tagged"))
                        .tags(t ->
                            t.items(
                                Tag.builder()
                                    .key("warmfront:invalidate-on-write")
                                    .value("on")
                                    .build()))))
            .distribution();

    running.server.invalidate(made.id(), List.of("/a", "/b c"));

    InvalidationSummary listed = listed(made.id()).getFirst();
    assertThat(listed.status()).isEqualTo("InProgress");
    assertThat(running.store.read(tx -> tx.latest(Kind.INVALIDATION, listed.id())).orElseThrow())
        .isEqualTo(
            new Invalidation(listed.id(), made.id(), List.of("/a", "/a?*", "/b c", "/b c?*")));
  }

  @Test
  void a_distribution_that_does_not_ask_for_it_is_left_alone() {
    Distribution made =
        client
            .createDistribution(r -> r.distributionConfig(Configs.minimal("plain")))
            .distribution();

    running.server.invalidate(made.id(), List.of("/a"));
    running.server.invalidate("ENOTTHERE", List.of("/a"));

    assertThat(listed(made.id())).isEmpty();
  }
}
