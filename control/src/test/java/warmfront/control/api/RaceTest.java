package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Calls that want the same thing at the same time: one has it, the others are told why not. */
final class RaceTest {
  private static final int TOGETHER = 50;

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

  @Test
  void of_fifty_creates_with_one_caller_reference_one_makes_a_distribution() throws Exception {
    List<String> refused =
        refusals(
            TOGETHER,
            _ ->
                () -> client.createDistribution(r -> r.distributionConfig(Configs.minimal("one"))));

    assertThat(refused).hasSize(TOGETHER - 1).containsOnly("DistributionAlreadyExists");
    assertThat(listed()).hasSize(1);
    assertThat(published()).hasSize(1);
  }

  @Test
  void of_fifty_invalidations_with_one_caller_reference_one_is_made_and_all_hear_of_it()
      throws Exception {
    String id = create("site").distribution().id();

    List<String> refused =
        refusals(
            TOGETHER,
            _ ->
                () ->
                    client.createInvalidation(r ->
                        r.distributionId(id)
                            .invalidationBatch(b ->
                                b.callerReference("1").paths(p -> p.quantity(1).items("/a")))));

    assertThat(refused).isEmpty();
    assertThat(client.listInvalidations(r -> r.distributionId(id)).invalidationList().items())
        .hasSize(1);
  }

  @Test
  void an_alias_that_many_want_is_one_distributions_and_no_other_is_left_behind() throws Exception {
    String certificate = imported("www.example.com");

    List<String> refused =
        refusals(
            TOGETHER,
            i ->
                () ->
                    client.createDistribution(
                        r -> r.distributionConfig(aliased("site-" + i, certificate))));

    assertThat(refused).hasSize(TOGETHER - 1).containsOnly("CNAMEAlreadyExists");
    assertThat(listed()).hasSize(1);
    assertThat(published()).hasSize(1);
  }

  @Test
  void an_alias_that_two_move_to_themselves_is_one_of_theirs() throws Exception {
    String certificate = imported("www.example.com");
    List<CreateDistributionResponse> made = List.of(create("a"), create("b"));

    List<String> refused =
        refusals(
            2,
            i ->
                () ->
                    client.updateDistribution(r ->
                        r.id(made.get(i).distribution().id())
                            .ifMatch(made.get(i).eTag())
                            .distributionConfig(aliased(i == 0 ? "a" : "b", certificate))));

    assertThat(refused).containsExactly("CNAMEAlreadyExists");
    assertThat(
            client.listDistributions().distributionList().items().stream()
                .mapToInt(one -> one.aliases().quantity())
                .sum())
        .isOne();
  }

  @Test
  void of_a_delete_and_updates_of_one_version_one_wins_and_all_is_of_one_piece() throws Exception {
    for (int round = 0; round < 5; round++) {
      CreateDistributionResponse made =
          client.createDistribution(
              r -> r.distributionConfig(off(Configs.minimal("gone")).build()));
      running.rollOut();
      String id = made.distribution().id();

      List<String> refused =
          refusals(
              10,
              i ->
                  i == 5
                      ? () -> client.deleteDistribution(r -> r.id(id).ifMatch(made.eTag()))
                      : () ->
                          client.updateDistribution(r ->
                              r.id(id)
                                  .ifMatch(made.eTag())
                                  .distributionConfig(
                                      off(Configs.minimal("gone")).comment("" + i).build())));

      assertThat(refused).hasSize(9);
      if (listed().isEmpty()) {
        assertThat(refused).containsOnly("NoSuchDistribution");
      } else {
        assertThat(refused).containsOnly("PreconditionFailed");
        String etag = client.getDistribution(r -> r.id(id)).eTag();
        client.deleteDistribution(r -> r.id(id).ifMatch(etag));
      }
      assertThat(claims(id)).as("claims of what is gone").isZero();
    }
  }

  private static DistributionConfig.Builder off(DistributionConfig config) {
    return config.toBuilder().enabled(false);
  }

  /** The name that a caller gave is free again. */
  private long claims(String id) {
    return running.store.read(tx ->
        tx.owner("distribution-caller-reference", "gone").filter(id::equals).isPresent() ? 1L : 0L);
  }

  private CreateDistributionResponse create(String reference) {
    return client.createDistribution(r -> r.distributionConfig(Configs.minimal(reference)));
  }

  private List<Resource> published() {
    return running.store.read(tx -> tx.latest(Kind.DISTRIBUTION));
  }

  private String imported(String name) throws Exception {
    Issuer issuer = new Issuer("root", Instant.now());
    String body =
        running.acm("ImportCertificate", AcmTest.brought(issuer.issue(name), "", "")).body();
    return JsonNode.parser().parse(body).field("CertificateArn").orElseThrow().asString();
  }

  private static DistributionConfig aliased(String reference, String certificate) {
    return Configs.minimal(reference)
        .copy(c ->
            c.aliases(a -> a.quantity(1).items("www.example.com"))
                .viewerCertificate(v ->
                    v.acmCertificateArn(certificate)
                        .sslSupportMethod("sni-only")
                        .minimumProtocolVersion("TLSv1.2_2021")));
  }

  /** Makes calls all at once; returns the codes of those that were refused. */
  private static List<String> refusals(int count, IntFunction<Callable<?>> call) throws Exception {
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Callable<?> one = call.apply(i);
      calls.add(() -> {
        try {
          one.call();
          return "";
        } catch (CloudFrontException refused) {
          return refused.awsErrorDetails().errorCode();
        }
      });
    }
    List<String> codes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> done : threads.invokeAll(calls)) {
        codes.add(done.get());
      }
    }
    codes.removeIf(String::isEmpty);
    return codes;
  }

  private List<String> listed() {
    return client.listDistributions().distributionList().items().stream()
        .map(DistributionSummary::id)
        .toList();
  }
}
