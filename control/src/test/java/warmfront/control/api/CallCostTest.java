package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionResponse;
import warmfront.control.store.CountingStore;
import warmfront.control.store.CountingStore.Count;
import warmfront.control.store.Row;
import warmfront.distribution.Kind;
import warmfront.time.Clock;

/**
 * What a call costs does not grow with how many distributions there are. It is counted in what it
 * asks of the store, and in rows and resources that it is given.
 */
final class CallCostTest {
  private static final int FEW = 100;
  private static final int AT_ONCE = 1_000;

  @TempDir private Path folder;

  @Test
  void calls_cost_the_same_among_two_thousand_as_among_a_hundred() {
    assertThat(counts(2_000)).isEqualTo(counts(FEW));
  }

  @Test
  @org.junit.jupiter.api.Tag("full")
  void calls_cost_the_same_among_ten_thousand_as_among_a_hundred() {
    assertThat(counts(10_000)).isEqualTo(counts(FEW));
  }

  private Map<String, Count> counts(int many) {
    Path own = folder.resolve("" + many);
    assertThat(own.toFile().mkdirs()).isTrue();
    Quotas quotas = Quotas.DEFAULT.with(Quota.DISTRIBUTIONS, Quota.MAX);
    CountingStore store = new CountingStore(Running.open(own));
    try (Running running = new Running(own, store, quotas, Limits.DEFAULT, Clock.system());
        CloudFrontClient client = running.client()) {
      String policy =
          client
              .createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("own").minTTL(1L)))
              .cachePolicy()
              .id();
      CreateDistributionResponse first =
          client.createDistribution(r -> r.distributionConfig(config("first", policy)));
      running.rollOut();
      fill(running, first.distribution().id(), many);
      Map<String, Count> counts = new LinkedHashMap<>();
      store.take();
      CreateDistributionResponse made =
          client.createDistribution(r -> r.distributionConfig(config("made", policy)));
      counts.put("CreateDistribution", store.take());
      String id = made.distribution().id();
      UpdateDistributionResponse updated =
          client.updateDistribution(r ->
              r.id(id)
                  .ifMatch(made.eTag())
                  .distributionConfig(
                      config("made", Configs.OPTIMIZED).toBuilder().enabled(false).build()));
      counts.put("UpdateDistribution", store.take());
      client.getDistribution(r -> r.id(id));
      counts.put("GetDistribution", store.take());
      client.listDistributions(r -> r.maxItems("100"));
      counts.put("ListDistributions", store.take());
      client.createInvalidation(r ->
          r.distributionId(id)
              .invalidationBatch(
                  b -> b.callerReference("1").paths(p -> p.quantity(1).items("/a"))));
      counts.put("CreateInvalidation", store.take());
      Tag strict = Tag.builder().key("warmfront:strict").value("true").build();
      client.tagResource(
          r -> r.resource(made.distribution().arn()).tags(Tags.builder().items(strict).build()));
      counts.put("TagResource", store.take());
      running.rollOut();
      store.take();
      client.deleteDistribution(r -> r.id(id).ifMatch(updated.eTag()));
      counts.put("DeleteDistribution", store.take());
      return counts;
    }
  }

  private static DistributionConfig config(String reference, String policy) {
    DistributionConfig config = Configs.minimal(reference);
    return config.toBuilder()
        .defaultCacheBehavior(
            config.defaultCacheBehavior().toBuilder().cachePolicyId(policy).build())
        .build();
  }

  /** Makes others of one that there is: as many calls would take too long. */
  private static void fill(Running running, String id, int many) {
    for (int begin = 0; begin < many; begin += AT_ONCE) {
      int from = begin;
      running.store.write(tx -> {
        Row row = tx.find(DistributionFamily.TYPE, id).orElseThrow();
        for (int i = from; i < Math.min(many, from + AT_ONCE); i++) {
          String other = "EOTHER%08d".formatted(i);
          long revision =
              tx.append(
                  Kind.DISTRIBUTION,
                  other,
                  Optional.of(
                      DistributionCompiler.compile(
                          other,
                          "d%013d.warmfront.localhost".formatted(i),
                          DistributionDefaults.complete(Configs.minimal("other-" + i)))));
          String body = row.body().replace(id, other).replace(">first<", ">other-" + i + "<");
          Instant now = row.created();
          tx.insert(
              new Row(row.type(), other, "", row.status(), row.etag(), now, now, revision, body));
        }
        return many;
      });
    }
  }
}
