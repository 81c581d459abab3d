package warmfront.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;
import warmfront.control.api.ObjectReader;
import warmfront.control.api.Quotas;
import warmfront.control.identity.AccessKey;
import warmfront.control.publish.Timing;
import warmfront.control.store.Kept;
import warmfront.control.store.PostgresServer;
import warmfront.control.store.Store;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.link.KeyFile;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/** Several control processes over one database. */
final class SeveralTest {
  private static final Timing TIMING =
      new Timing(
          Duration.ofMillis(50),
          Duration.ofSeconds(4),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));
  private static final String CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

  @TempDir private Path folder;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, String> names = new HashMap<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void what_one_is_told_the_other_knows_and_publishes_also_when_the_first_is_gone()
      throws Exception {
    Control one = start("one");
    Files.createDirectories(folder.resolve("other"));
    Files.copy(folder.resolve("one/secret.key"), folder.resolve("other/secret.key"));
    Control other = start("other");
    assertThat(other.rootKey()).isEqualTo(one.rootKey());
    register(one);
    Set<String> seen = follow("other", "edge-1");
    try (CloudFrontClient first = client(one);
        CloudFrontClient second = client(other)) {
      String id = create(first, "a");

      assertThat(second.getDistribution(r -> r.id(id)).distribution().id()).isEqualTo(id);
      assertThat(second.listDistributions().distributionList().quantity()).isEqualTo(1);
      eventually(() -> seen.contains(id));
      eventually(() -> isDeployed(first, id) && isDeployed(second, id));

      assertThat(publications(id)).as("both of them moved it on").isOne();

      open.remove(one);
      one.close();
      String next = create(second, "b");
      eventually(() -> seen.contains(next) && isDeployed(second, next));
    }
  }

  @Test
  @Tag("full")
  void a_control_plane_whose_database_was_away_goes_on() throws Exception {
    assumeTrue(PostgresServer.shared().isPresent(), "no PostgreSQL binaries for this machine");
    try (PostgresServer server = PostgresServer.shared().orElseThrow().another()) {
      Control one = start("one", Optional.of(server.newDatabase()));
      register(one);
      Set<String> seen = follow("one", "edge-1");
      try (CloudFrontClient client = client(one)) {
        String id = create(client, "a");
        eventually(() -> seen.contains(id) && isDeployed(client, id));

        server.stop();
        assertThatThrownBy(() -> create(client, "b"))
            .isInstanceOfSatisfying(
                CloudFrontException.class, no -> assertThat(no.statusCode()).isEqualTo(503));

        server.restart();
        String next = create(client, "b");
        eventually(() -> seen.contains(next) && isDeployed(client, next));
      }
      close();
      open.clear();
    }
  }

  @Test
  void one_with_another_authority_or_root_key_is_refused() throws Exception {
    Control one = start("one");
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(folder.resolve("one/secret.key"), other.resolve("secret.key"));
    Files.copy(folder.resolve("one/ca.key"), other.resolve("ca.key"));
    Files.copy(folder.resolve("one/ca.pem"), other.resolve("ca.pem"));
    Files.writeString(
        other.resolve("root-key.json"),
        "{\"access_key_id\":\"AKIAOTHEROTHEROTHER\",\"secret_access_key\":\"%s\"}\n"
            .formatted("s".repeat(40)));

    assertThatThrownBy(() -> start("other"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other/root-key.json is not the one of the fleet");
    assertThat(one.rootKey().accessKeyId()).isNotEqualTo("AKIAOTHEROTHEROTHER");
  }

  @Test
  void one_with_another_sealing_key_is_refused() throws Exception {
    Control _ = start("one");

    assertThatThrownBy(() -> start("other"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("secretKeyFile");
  }

  @Test
  void a_fleet_moves_from_sqlite_to_postgresql_and_back_by_a_file() throws Exception {
    Path file = folder.resolve("fleet.jsonl");
    Control one = start("one", Optional.empty());
    register(one);
    Set<String> seen = follow("one", "edge-1");
    String id;
    String etag;
    try (CloudFrontClient client = client(one)) {
      id = create(client, "a");
      eventually(() -> seen.contains(id) && isDeployed(client, id));
      etag = client.getDistribution(r -> r.id(id)).eTag();
    }

    // While it runs.
    long rows = new Backup(folder.resolve("one"), Optional.empty(), Optional.empty()).write(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> backup("other").read(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other/secret.key");
    Files.copy(folder.resolve("one/secret.key"), folder.resolve("other/secret.key"));
    assertThat(backup("other").read(file)).isEqualTo(rows);
    Control other = start("other");

    assertThat(other.rootKey()).isEqualTo(one.rootKey());
    assertThat(Files.readString(folder.resolve("other/ca.pem")))
        .isEqualTo(Files.readString(folder.resolve("one/ca.pem")));
    assertThat(other.head().epoch()).isEqualTo(one.head().epoch() + 1);
    try (CloudFrontClient client = client(other)) {
      assertThat(client.getDistribution(r -> r.id(id)).eTag()).isEqualTo(etag);
      // The edge goes on there, though it has the old epoch.
      names.put("one", named("other"));
      open.remove(one);
      one.close();
      String next = create(client, "b");
      eventually(() -> seen.contains(next) && isDeployed(client, next));
    }
    long again = backup("other").write(file);
    Files.createDirectories(folder.resolve("third"));
    Files.copy(folder.resolve("one/secret.key"), folder.resolve("third/secret.key"));
    Backup third = new Backup(folder.resolve("third"), Optional.empty(), Optional.empty());
    assertThat(third.read(file)).isEqualTo(again);
    assertThat(start("third", Optional.empty()).rootKey()).isEqualTo(one.rootKey());
  }

  private long publications(String id) {
    SecretKey key = KeyFile.loadOrMake(folder.resolve("one/secret.key"), new SecureRandom());
    try (Store store = Store.open(Kept.POSTGRESQL.url(folder), key)) {
      return store.after(0, 1000).stream()
          .filter(entry -> entry.getKind().equals(Kind.PUBLICATION.name()))
          .filter(entry -> entry.getId().equals(id))
          .count();
    }
  }

  private Backup backup(String name) throws IOException {
    return new Backup(
        Files.createDirectories(folder.resolve(name)),
        Optional.of(Kept.POSTGRESQL.url(folder)),
        Optional.empty());
  }

  private Control start(String name) throws IOException {
    return start(name, Optional.of(Kept.POSTGRESQL.url(folder)));
  }

  private Control start(String name, Optional<String> store) throws IOException {
    Path data = Files.createDirectories(folder.resolve(name));
    names.put(name, name + UUID.randomUUID());
    Control control =
        Control.start(
            new ControlConfig(
                data,
                store,
                Optional.empty(),
                "warmfront.localhost",
                List.of(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Quotas.DEFAULT,
                Optional.empty(),
                List.of(),
                TIMING,
                Optional.empty(),
                Optional.empty()),
            ObjectReader.NONE,
            named(name),
            Clock.system(),
            new SecureRandom());
    open.push(control);
    return control;
  }

  private String named(String control) {
    return Objects.requireNonNull(names.get(control));
  }

  private static void register(Control at) {
    at.fleet()
        .register(
            new Location(
                "FRA", "Frankfurt", "DE", 50, 8, PriceClass.PRICE_CLASS_100, 10, Optional.empty()));
    at.fleet()
        .register(
            new Server(
                "edge-1",
                Server.Role.EDGE,
                "FRA",
                List.of(),
                List.of(),
                List.of(),
                1,
                Server.State.ACTIVE));
  }

  /** Follows as an edge; returns the distributions that it has been shown so far. */
  private Set<String> follow(String control, String id) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    Follower follower =
        Follower.start(
            new FollowerIdentity(id, Server.Role.EDGE, 1, Set.of()),
            folder.resolve("follower"),
            (next, _) -> {
              next.versioned(Kind.DISTRIBUTION).forEach(one -> seen.add(one.resource().id()));
              return new Subscriber.Verdict.Applied();
            },
            new Follower.Surroundings(
                () -> InProcessChannelBuilder.forName(named(control)).build(),
                Clock.system(),
                new Random(1),
                Follower.Timing.STANDARD));
    open.push(follower);
    return seen;
  }

  private static CloudFrontClient client(Control of) {
    AccessKey key = of.rootKey();
    return CloudFrontClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + of.apiPort()))
        .region(Region.US_EAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
        .build();
  }

  private static String create(CloudFrontClient client, String reference) {
    Origin origin =
        Origin.builder()
            .id("o")
            .domainName("www.example.com")
            .customOriginConfig(
                c -> c.httpPort(80).httpsPort(443).originProtocolPolicy("http-only"))
            .build();
    return client
        .createDistribution(r ->
            r.distributionConfig(c ->
                c.callerReference(reference)
                    .comment("")
                    .enabled(true)
                    .origins(o -> o.quantity(1).items(origin))
                    .defaultCacheBehavior(b ->
                        b.targetOriginId("o")
                            .viewerProtocolPolicy(ViewerProtocolPolicy.ALLOW_ALL)
                            .cachePolicyId(CACHING_OPTIMIZED))))
        .distribution()
        .id();
  }

  private static boolean isDeployed(CloudFrontClient client, String id) {
    return client.getDistribution(r -> r.id(id)).distribution().status().equals("Deployed");
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 1000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      boolean _ = never.await(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("it did not come about within 20 s");
  }
}
