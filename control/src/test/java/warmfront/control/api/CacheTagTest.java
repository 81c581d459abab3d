package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import warmfront.distribution.Distribution;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.wire.LogEntry;

/** Cache tags in the API: the header that holds them, and invalidations that name them. */
final class CacheTagTest {
  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private static DistributionConfig tagged(DistributionConfig config, String header) {
    return config.toBuilder().cacheTagConfig(t -> t.headerName(header)).build();
  }

  private CreateDistributionResponse create(DistributionConfig config) {
    return client.createDistribution(r -> r.distributionConfig(config));
  }

  private CreateInvalidationResponse invalidate(String id, String reference, String... items) {
    return client.createInvalidation(r ->
        r.distributionId(id)
            .invalidationBatch(b ->
                b.callerReference(reference).paths(p -> p.quantity(items.length).items(items))));
  }

  private Resource published(Kind kind, String id) {
    return running.store.<Optional<Resource>>read(tx -> tx.latest(kind, id)).orElseThrow();
  }

  /** Returns what a server must know to obey the latest entry. */
  private List<String> needed() {
    List<LogEntry> log = running.store.after(0, 10_000);
    return log.getLast().getFeaturesList();
  }

  @Test
  void edges_get_the_header_and_the_tags_and_must_know_what_they_are() {
    DistributionConfig config = tagged(Configs.minimal("tagged"), "Cache-Tag");
    String id = create(config).distribution().id();
    List<String> neededForDistribution = needed();
    String longest = "#" + "x".repeat(256);

    String made = invalidate(id, "1", "#Product:TV*", longest, "/a*").invalidation().id();

    assertThat(client.getDistributionConfig(r -> r.id(id)).distributionConfig().cacheTagConfig())
        .isEqualTo(config.cacheTagConfig());
    assertThat(((Distribution) published(Kind.DISTRIBUTION, id)).cacheTagHeader())
        .contains("Cache-Tag");
    assertThat(((Invalidation) published(Kind.INVALIDATION, made)).items())
        .containsExactly("#Product:TV*", longest, "/a*");
    assertThat(neededForDistribution).containsExactly("CACHE_TAGS");
    assertThat(needed()).containsExactly("CACHE_TAGS");
  }

  @Test
  void a_path_needs_no_knowledge_of_tags() {
    String id = create(tagged(Configs.minimal("paths"), "Cache-Tag")).distribution().id();

    invalidate(id, "1", "/a#b");

    assertThat(needed()).isEmpty();
  }

  @Test
  void a_distribution_without_the_header_cannot_be_invalidated_by_tag() {
    CreateDistributionResponse made = create(Configs.minimal("plain"));
    String id = made.distribution().id();
    running.rollOut();

    assertThatThrownBy(() -> invalidate(id, "1", "/a", "#news"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("CacheTagConfig");
    DistributionConfig config = tagged(made.distribution().distributionConfig(), "Cache-Tag");
    String status =
        client
            .updateDistribution(r -> r.id(id).ifMatch(made.eTag()).distributionConfig(config))
            .distribution()
            .status();

    assertThat(status).as("edges have something new to do").isEqualTo("InProgress");
    assertThat(invalidate(id, "1", "/a", "#news").invalidation().status()).isEqualTo("InProgress");
  }

  @Test
  void what_was_made_when_there_were_tags_is_found_by_its_reference_afterwards() {
    CreateDistributionResponse made = create(tagged(Configs.minimal("was"), "Cache-Tag"));
    String id = made.distribution().id();
    String first = invalidate(id, "1", "#news").invalidation().id();
    DistributionConfig plain =
        made.distribution().distributionConfig().toBuilder()
            .cacheTagConfig((software.amazon.awssdk.services.cloudfront.model.CacheTagConfig) null)
            .build();
    client.updateDistribution(r -> r.id(id).ifMatch(made.eTag()).distributionConfig(plain));

    assertThat(invalidate(id, "1", "#news").invalidation().id()).isEqualTo(first);
    assertThatThrownBy(() -> invalidate(id, "2", "#news"))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "é"})
  void what_is_no_headers_name_is_refused(String name) {
    assertThatThrownBy(() -> create(tagged(Configs.minimal("bad"), name)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("CacheTagConfig.HeaderName");
  }

  @Test
  void a_headers_name_has_a_limit() {
    create(tagged(Configs.minimal("long"), "x".repeat(256)));

    assertThatThrownBy(() -> create(tagged(Configs.minimal("longer"), "x".repeat(257))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("CacheTagConfig.HeaderName");
  }
}
