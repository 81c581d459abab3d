package warmfront.snapshot;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import warmfront.distribution.Anycast;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Certificate;
import warmfront.distribution.Channel;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.distribution.Geography;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;
import warmfront.distribution.Location;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.PriceClass;
import warmfront.distribution.PublicKey;
import warmfront.distribution.Publication;
import warmfront.distribution.Reach;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.Server;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.distribution.TextRecord;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.Trial;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.VpcOrigin;
import warmfront.distribution.Wishes;
import warmfront.distribution.ZoneCertificate;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Resources by chance, the same for the same seed. */
final class Samples {
  private static final String[] KEYS = {
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElqPbdHbZC0JmdsIg9L1BCTlwT8aV"
        + "Z6+s30YtKlXz4qaCk/m6XLRq8BETyoVt7HMSESZN7Iglz0FKFKHerbfgNg==",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuSA8P1EQ2WCWHKAdkiMi"
        + "yemeuHAisr2KBUXH52gwZ1auc9LJ3q4pALiRlaIMHxJgcmA7prUH2YH1QffPpStU"
        + "ASZrVgm8tOKteWNDhm1AfoOTf+uNlqlCJyiEcYdPMCfTZjc1eyjljzeT9aOEV43S"
        + "vZA/YqYKlolimIJm8hgiLT9N8ftOWy65O6kFHDl8CBITep5BGBMnwsDb9bM3R7+e"
        + "l7hZErSEC7NUuxB/J8qpdhB1D7AuIpMriuSDHxU91D9JrfZnepyE4tktMSqOaLSB"
        + "ZUMsJu4ERQFk1acVxdIasdVc04sD7UDbpLfTCjAZdbebWcqAxWU4mKzVn5OTGkWD"
        + "nQIDAQAB"
  };

  private final Random random;

  Samples(long seed) {
    this.random = new Random(seed);
  }

  Resource of(Kind kind) {
    return switch (kind) {
      case LOCATION ->
          new Location(
              capitals(3),
              text(),
              capitals(2),
              random.nextDouble(-90, 90),
              random.nextDouble(-180, 180),
              any(PriceClass.values()),
              random.nextDouble(0.1, 1000),
              random.nextBoolean() ? Optional.of(capitals(3)) : Optional.empty());
      case SERVER ->
          new Server(
              "s" + random.nextInt(1000),
              any(Server.Role.values()),
              capitals(3),
              texts(),
              texts(),
              texts(),
              random.nextInt(256),
              any(Server.State.values()));
      case CACHE_POLICY -> cachePolicy();
      case ORIGIN_ACCESS_CONTROL ->
          new OriginAccessControl(text(), text(), any(OriginAccessControl.Signing.values()));
      case DISTRIBUTION -> distribution();
      case PUBLICATION ->
          new Publication(
              text(),
              text(),
              random.nextBoolean(),
              texts(),
              false,
              new Publication.Terms(
                  random.nextBoolean(),
                  any(PriceClass.values()),
                  true,
                  Publication.Spoken.HTTP2,
                  List.of()));
      case INVALIDATION ->
          new Invalidation(text(), text(), texts().stream().map(path -> "/" + path).toList());
      case INVALIDATION_FLOOR -> new InvalidationFloor(text(), 1 + random.nextInt(1_000_000));
      case S3_ENDPOINT ->
          new S3Endpoint(text(), URI.create("http://127.0.0.1:7401"), text(), text(), text());
      case ZONE_CERTIFICATE -> new ZoneCertificate(text(), text(), text());
      case HEARTBEAT_KEY -> {
        byte[] key = new byte[32];
        random.nextBytes(key);
        yield new HeartbeatKey(text(), Base64.getEncoder().encodeToString(key));
      }
      case LAPSE -> new Lapse(text());
      case TEXT_RECORD ->
          new TextRecord("_t" + random.nextInt(1000) + ".example.net", List.of(text(), text()));
      case STREAMING_DISTRIBUTION ->
          new StreamingDistribution(
              text(),
              text(),
              random.nextBoolean(),
              texts(),
              text(),
              random.nextBoolean() ? Optional.of(text()) : Optional.empty(),
              random.nextBoolean(),
              any(PriceClass.values()),
              random.nextBoolean()
                  ? Optional.of(new StreamingDistribution.Logging(text(), text()))
                  : Optional.empty());
      case PUBLIC_KEY -> new PublicKey(text(), any(KEYS));
      case KEY_GROUP -> new KeyGroup(text(), List.of(text(), text()));
      case CHANNEL ->
          new Channel(
              "c" + random.nextInt(1000),
              Channel.hash(text()),
              capitals(3),
              random.nextBoolean(),
              random.nextBoolean()
                  ? Optional.of(new Channel.Recording(text(), text()))
                  : Optional.empty(),
              Duration.ofMillis(random.nextInt(100, 1001)),
              Duration.ofMillis(random.nextInt(1000, 10_001)));
      case ORIGIN_REQUEST_POLICY -> originRequestPolicy();
      case RESPONSE_HEADERS_POLICY -> responseHeadersPolicy();
      case CERTIFICATE -> new Certificate(text(), text(), text());
      case CONTINUOUS_DEPLOYMENT_POLICY ->
          new ContinuousDeploymentPolicy(text(), random.nextBoolean(), text(), split());
      case VPC_ORIGIN ->
          new VpcOrigin(
              text(),
              text(),
              random.nextInt(65_536),
              random.nextInt(65_536),
              any(Origin.Protocol.values()),
              texts());
      case TRUST_STORE -> new TrustStore(text(), text());
      case TENANT ->
          new Tenant(
              text(),
              text(),
              random.nextBoolean(),
              texts(),
              Map.of("a", text(), "b", text()),
              text(),
              random.nextBoolean()
                  ? Optional.of(new Geography(Geography.Rule.ALL_BUT, Set.of("DE", "FR")))
                  : Optional.empty(),
              random.nextBoolean() ? Optional.of(text()) : Optional.empty());
      case CONNECTION_GROUP ->
          new ConnectionGroup(text(), text(), random.nextBoolean(), random.nextBoolean());
      case FIELD_LEVEL_ENCRYPTION_PROFILE ->
          new FieldLevelEncryptionProfile(
              text(),
              List.of(
                  new FieldLevelEncryptionProfile.Entity(text(), text(), text(), texts()),
                  new FieldLevelEncryptionProfile.Entity(text(), text(), text(), texts())));
      case FIELD_LEVEL_ENCRYPTION_CONFIG ->
          new FieldLevelEncryptionConfig(
              text(),
              new FieldLevelEncryptionConfig.ByType(
                  Map.of("a/b", Optional.of(text()), "c/d", Optional.empty()),
                  random.nextBoolean()),
              random.nextBoolean()
                  ? Optional.of(
                      new FieldLevelEncryptionConfig.ByArgument(
                          Map.of("a", text(), "b", text()), random.nextBoolean()))
                  : Optional.empty());
      case LOG_DELIVERIES ->
          new LogDeliveries(
              text(),
              List.of(
                  new LogDeliveries.Delivery(
                      text(), text(), any(LogDeliveries.Format.values()), texts(), text())));
    };
  }

  private OriginRequestPolicy originRequestPolicy() {
    OriginRequestPolicy.HeaderMode mode = any(OriginRequestPolicy.HeaderMode.values());
    List<String> names =
        switch (mode) {
          case NONE, ALL_VIEWER -> List.of();
          case WHITELIST, ALL_VIEWER_AND_WHITELIST_CLOUDFRONT, ALL_EXCEPT -> texts();
        };
    return new OriginRequestPolicy(text(), text(), mode, names, nameSet(), nameSet());
  }

  private ResponseHeadersPolicy responseHeadersPolicy() {
    ResponseHeadersPolicy.Cors cors =
        new ResponseHeadersPolicy.Cors(
            random.nextBoolean(),
            texts(),
            texts(),
            texts(),
            texts(),
            perhaps(),
            random.nextBoolean());
    return new ResponseHeadersPolicy(
        text(),
        text(),
        texts(),
        random.nextBoolean() ? Optional.of(cors) : Optional.empty(),
        List.of(new ResponseHeadersPolicy.Header(text(), text(), random.nextBoolean())),
        perhaps());
  }

  private ContinuousDeploymentPolicy.Split split() {
    return switch (random.nextInt(4)) {
      case 0 -> new ContinuousDeploymentPolicy.Split.Nobody();
      case 1 -> new ContinuousDeploymentPolicy.Split.ByHeader(text(), text());
      case 2 ->
          new ContinuousDeploymentPolicy.Split.ByWeight(random.nextInt(150_001), Optional.empty());
      default ->
          new ContinuousDeploymentPolicy.Split.ByWeight(
              random.nextInt(150_001),
              Optional.of(new ContinuousDeploymentPolicy.Stickiness(seconds(), seconds())));
    };
  }

  private OptionalInt perhaps() {
    return random.nextBoolean() ? OptionalInt.of(random.nextInt(100)) : OptionalInt.empty();
  }

  /** Returns a publication that says everything there is. */
  Publication saying() {
    Publication plain = (Publication) of(Kind.PUBLICATION);
    return new Publication(
        plain.id(),
        plain.domainName(),
        plain.enabled(),
        plain.aliases(),
        true,
        new Publication.Terms(
            plain.terms().ipv6(),
            plain.terms().priceClass(),
            false,
            new Publication.Spoken(random.nextBoolean(), true),
            addresses()));
  }

  /** Returns a connection group with everything there is. */
  ConnectionGroup anycastGroup() {
    return new ConnectionGroup(
        text(), text(), random.nextBoolean(), random.nextBoolean(), Optional.of(anycast()));
  }

  /** Returns a distribution that asks for everything there is. */
  Distribution demanding() {
    Distribution plain = distribution();
    Behavior.Options options =
        new Behavior.Options(
            Optional.of(text()),
            Optional.of(text()),
            Optional.of("F"),
            new Behavior.Signers(true, List.of(text(), text())),
            Set.of(Behavior.Trait.values()));
    Reach reach =
        new Reach(
            Optional.of(seconds()),
            any(Reach.Family.values()),
            Optional.of(capitals(3)),
            Optional.of(text()),
            Optional.of(text()),
            Optional.of(text()));
    return new Distribution(
        plain.id(),
        plain.domainName(),
        plain.enabled(),
        plain.aliases(),
        plain.defaultRootObject(),
        plain.ipv6(),
        plain.http2(),
        plain.priceClass(),
        plain.origins().stream().map(origin -> origin.withReach(reach)).toList(),
        plain.behaviors(),
        plain.defaultBehavior().withOptions(options),
        plain.errorTtl(),
        plain.logging(),
        Optional.of(text()),
        new Wishes(
            true,
            true,
            false,
            new Wishes.Asking(true, true),
            new Wishes.Responses(true, true, Optional.of(Set.of("*", "/a/*"))),
            true,
            text(),
            false),
        new Entrance(
            true,
            Optional.of(new Entrance.Shown(text(), any(TlsPolicy.values()))),
            new Geography(Geography.Rule.ONLY, Set.of("DE", "BR")),
            new Trial(random.nextBoolean(), Optional.of(text())),
            Optional.of(mtls()),
            Optional.of(new Tenancy(Map.of("a", text(), "b", text()))),
            Optional.of(anycast())),
        new Remedies(
            Map.of(404, new Remedies.Page("/404.html", 200), 503, new Remedies.Page("/b", 503)),
            List.of(new Remedies.OriginGroup("g", "a", "b", Set.of(500, 502), true))));
  }

  private Anycast anycast() {
    return new Anycast(text(), addresses());
  }

  private List<String> addresses() {
    return List.of("192.0.2." + random.nextInt(256), "2001:db8::" + random.nextInt(10));
  }

  private ViewerMtls mtls() {
    ViewerMtls.Mode mode = any(ViewerMtls.Mode.values());
    return new ViewerMtls(
        mode,
        mode == ViewerMtls.Mode.PASSTHROUGH ? Optional.empty() : Optional.of(text()),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private Distribution distribution() {
    Map<Integer, Duration> errorTtl = new HashMap<>();
    IntStream.range(0, random.nextInt(5))
        .forEach(_ -> errorTtl.put(400 + random.nextInt(100), seconds()));
    return new Distribution(
        text(),
        text(),
        random.nextBoolean(),
        texts(),
        text(),
        random.nextBoolean(),
        random.nextBoolean(),
        any(PriceClass.values()),
        List.of(origin("a"), origin("b")),
        List.of(behavior("a"), behavior("b"), behavior("a")),
        behavior("b"),
        errorTtl,
        random.nextBoolean()
            ? Optional.of(new Distribution.Logging(text(), text(), random.nextBoolean()))
            : Optional.empty(),
        Optional.empty(),
        new Wishes(random.nextBoolean(), false, true),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  private Origin origin(String id) {
    Origin.Type type =
        random.nextBoolean()
            ? new Origin.S3(
                random.nextBoolean() ? Optional.of(text()) : Optional.empty(), seconds())
            : new Origin.Custom(
                80, 443, any(Origin.Protocol.values()), texts(), seconds(), seconds());
    Fields headers = random.nextBoolean() ? Fields.of("X-Key", text()) : Fields.empty();
    return new Origin(id, text(), "", headers, type, 1 + random.nextInt(3), seconds());
  }

  private Behavior behavior(String origin) {
    boolean policy = random.nextBoolean();
    return new Behavior(
        text(),
        origin,
        any(Behavior.ViewerProtocol.values()),
        Set.of(Method.GET, Method.HEAD, Method.OPTIONS, Method.DELETE),
        Set.of(Method.HEAD, Method.GET),
        policy ? Optional.of(text()) : Optional.empty(),
        policy ? Optional.empty() : Optional.of(cachePolicy()),
        Behavior.Options.NONE);
  }

  private CachePolicy cachePolicy() {
    Duration min = seconds();
    Duration middle = min.plus(seconds());
    return new CachePolicy(
        text(),
        text(),
        min,
        middle,
        middle.plus(seconds()),
        random.nextBoolean(),
        random.nextBoolean(),
        nameSet(),
        nameSet(),
        nameSet());
  }

  private NameSet nameSet() {
    return switch (any(NameSet.Mode.values())) {
      case NONE -> NameSet.NONE;
      case ALL -> NameSet.ALL;
      case WHITELIST -> new NameSet(NameSet.Mode.WHITELIST, texts());
      case ALL_EXCEPT -> new NameSet(NameSet.Mode.ALL_EXCEPT, texts());
    };
  }

  private Duration seconds() {
    return Duration.ofSeconds(random.nextInt(100_000));
  }

  private List<String> texts() {
    return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> text()).toList();
  }

  private String text() {
    return random.nextBoolean() ? "t" + random.nextInt() : "é·" + random.nextInt(10);
  }

  private String capitals(int length) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, length).forEach(_ -> text.append((char) ('A' + random.nextInt(26))));
    return text.toString();
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
