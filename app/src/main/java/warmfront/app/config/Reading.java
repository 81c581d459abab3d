package warmfront.app.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import warmfront.control.api.Quota;
import warmfront.control.api.Quotas;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.store.PostgresUrl;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;

/** Which key means what: the whole file, top to bottom. */
final class Reading {
  /** Price class by continent as CloudFront has them: North America and Europe are the cheapest. */
  private static final List<Config.Place> FIVE =
      List.of(
          five("CMH", "Columbus", "US", 39.998, -82.892, PriceClass.PRICE_CLASS_100, 1),
          five("FRA", "Frankfurt", "DE", 50.033, 8.571, PriceClass.PRICE_CLASS_100, 2),
          five("NRT", "Tokyo", "JP", 35.765, 140.386, PriceClass.PRICE_CLASS_200, 3),
          five("GRU", "São Paulo", "BR", -23.436, -46.473, PriceClass.PRICE_CLASS_ALL, 4),
          five("SYD", "Sydney", "AU", -33.946, 151.177, PriceClass.PRICE_CLASS_ALL, 5));

  private Reading() {}

  static Config config(Section root) throws ConfigException {
    Section api = root.section("api");
    Section edge = root.section("edge");
    Section geography = root.section("geography");
    return new Config(
        Path.of(root.text("data", "./data")),
        log(root.section("log")),
        store(root),
        root.text("secretKeyFile").map(Path::of),
        zone(root.section("zone")),
        acme(root.section("certificates").section("acme")),
        api(api),
        quotas(api.section("quotas")),
        s3(root.section("s3")),
        link(root.section("link")),
        root.section("operator").endpoint("listen", "127.0.0.1:7409"),
        dns(root.section("dns")),
        root.sections("locations", FIVE, Reading::place),
        viewers(root.section("viewers")),
        rtmp(root.section("rtmp")),
        root.section("live").endpoint("listen", "127.0.0.1:7404"),
        new Config.Recordings(root.section("recordings").bytes("spool", "16 GiB")),
        edge(edge, root.section("peers"), root.section("cache")),
        origins(root.section("origins")),
        geography(geography),
        maps(edge.section("rtt"), root.section("routing").section("map"), geography),
        share(root.section("limits").section("perAddress")),
        root.duration("drain", "10 s"));
  }

  private static Config.Api api(Section api) throws ConfigException {
    Config.Api read =
        new Config.Api(
            api.endpoint("listen", "127.0.0.1:7400"),
            api.optionalEndpoint("advertise"),
            api.flag("plain", false),
            api.text("certificate").map(Path::of),
            api.text("key").map(Path::of));
    if (read.certificate().isPresent() != read.key().isPresent()) {
      throw api.wrong(
          read.key().isPresent() ? "certificate" : "key", "a certificate and its key go together");
    }
    if (read.plain() && read.certificate().isPresent()) {
      throw api.wrong("plain", "a certificate is for TLS, and plain is without");
    }
    return read;
  }

  private static Config.Share share(Section perAddress) throws ConfigException {
    return new Config.Share(
        perAddress.number("connections", 1000, 0, Config.Share.MAX),
        perAddress.number("requestsPerSecond", 10_000, 0, Config.Share.MAX));
  }

  private static Quotas quotas(Section section) throws ConfigException {
    Quotas quotas = Quotas.DEFAULT;
    for (Quota quota : Quota.values()) {
      int number = section.number(quota.setting(), quota.standard(), 1, Quota.MAX);
      quotas = quotas.with(quota, number);
    }
    return quotas;
  }

  private static Config.Log log(Section log) throws ConfigException {
    return new Config.Log(
        log.choice("format", Config.LogFormat.TEXT, Config.LogFormat.class),
        log.choice("level", Config.LogLevel.INFO, Config.LogLevel.class));
  }

  private static String store(Section root) throws ConfigException {
    String store = root.text("store", "sqlite");
    if (store.equals("sqlite")) {
      return store;
    }
    if (!store.startsWith(PostgresUrl.SCHEME)) {
      throw root.wrong("store", "expected sqlite or postgresql://HOST/DATABASE");
    }
    try {
      PostgresUrl _ = PostgresUrl.parse(store);
      return store;
    } catch (IllegalArgumentException wrong) {
      throw root.wrong("store", String.valueOf(wrong.getMessage()));
    }
  }

  private static Config.Zone zone(Section zone) throws ConfigException {
    List<String> issuers = zone.list("caa", "", Reading::issuer);
    if (issuers.size() > Config.Zone.ISSUERS_MAX) {
      throw zone.wrong("caa", "names %d issuers at most".formatted(Config.Zone.ISSUERS_MAX));
    }
    List<InetAddress> anycast =
        zone.list("anycast", "", text -> InetAddress.ofLiteral(address(text)));
    if (anycast.size() > Config.Zone.ANYCAST_MAX) {
      throw zone.wrong("anycast", "names %d addresses at most".formatted(Config.Zone.ANYCAST_MAX));
    }
    return new Config.Zone(
        name(zone.text("name", "warmfront.localhost")),
        zone.list("nameServers", "ns1.warmfront.localhost 127.0.0.1", Reading::nameServer),
        zone.duration("ttl", "20 s"),
        issuers,
        anycast);
  }

  private static String issuer(String text) {
    if (!text.matches("([A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*)? *(;[ -~]*)?")
        || text.isBlank()
        || text.length() > 255) {
      throw new IllegalArgumentException(
          "expected an issuer such as letsencrypt.org, or ; for none, not " + text);
    }
    return text;
  }

  private static Optional<AcmeAuthority.Options> acme(Section acme) throws ConfigException {
    Optional<String> directory = acme.text("directory");
    Optional<String> contact = acme.text("contact");
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    if (!directory.get().matches("https?://[!-~]+")) {
      throw acme.wrong("directory", "expected the URL of an ACME server's directory");
    }
    if (contact.isPresent() && !contact.get().matches("[!-~]+@[A-Za-z0-9.-]+")) {
      throw acme.wrong("contact", "expected an address of mail");
    }
    return Optional.of(new AcmeAuthority.Options(URI.create(directory.get()), contact));
  }

  private static Config.S3 s3(Section s3) throws ConfigException {
    return new Config.S3(
        s3.flag("enabled", true),
        s3.endpoint("listen", "127.0.0.1:7401"),
        s3.flag("anonymousReads", true));
  }

  private static Config.Link link(Section link) throws ConfigException {
    return new Config.Link(
        link.endpoint("listen", "127.0.0.1:7402"),
        link.optionalEndpoint("advertise"),
        link.optionalEndpoint("control"),
        link.duration("lease", "10 s", Config.Link.LEASE_MIN));
  }

  private static Config.NameServer nameServer(String text) {
    List<String> words = List.of(text.split(" +", -1));
    return new Config.NameServer(
        name(words.getFirst()), words.stream().skip(1).map(Reading::address).toList());
  }

  private static Config.Dns dns(Section dns) throws ConfigException {
    return new Config.Dns(
        dns.list("listen", "127.0.0.1:7453", Endpoint::parse),
        dns.endpoint("heartbeat", "127.0.0.1:7454"),
        dns.number("repliesPerSecond", 5000, 1, Config.Dns.REPLIES_MAX),
        dns.number("connections", 512, 1, Config.Dns.CONNECTIONS_MAX),
        dns.number("connectionsPerClient", 64, 1, Config.Dns.CONNECTIONS_MAX),
        dns.duration("idle", "10 s", Config.Dns.IDLE_MIN));
  }

  private static Config.Place place(Section place) throws ConfigException {
    try {
      return new Config.Place(
          new Location(
              place.required("code"),
              place.text("city", ""),
              place.required("country"),
              place.decimal("latitude", "0", -90, 90),
              place.decimal("longitude", "0", -180, 180),
              place.choice("priceClass", PriceClass.PRICE_CLASS_100, PriceClass.class),
              place.decimal("capacityGbps", "10", 0.001, 100_000),
              place.text("parent")),
          address(place.required("address")),
          place.text("address6").map(Reading::address));
    } catch (IllegalArgumentException e) {
      throw place.wrong("code", String.valueOf(e.getMessage()));
    }
  }

  private static Config.Viewers viewers(Section viewers) throws ConfigException {
    return new Config.Viewers(
        viewers.number("http", 8080, 0, 65535),
        viewers.number("https", 8443, 0, 65535),
        viewers.flag("http3", true),
        viewers.list("rtmp", "1935, 8081", Reading::port));
  }

  private static Config.Rtmp rtmp(Section rtmp) throws ConfigException {
    return new Config.Rtmp(rtmp.flag("encrypted", true), rtmp.flag("tunnelled", true));
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
      throw new IllegalArgumentException("%s is not in 0 to 65535".formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static Config.Edge edge(Section edge, Section peers, Section cache)
      throws ConfigException {
    return new Config.Edge(
        edge.bytes("memory", "0 MiB"),
        edge.bytes("disk", "4 GiB"),
        edge.number("loops", 0, 0, 1024),
        edge.flag("accessLog", true),
        edge.duration("logDelivery", "5 min", Duration.ofSeconds(1)),
        edge.optionalEndpoint("peers"),
        patience(peers),
        cache.sections("disks", List.of(), Reading::disk));
  }

  private static Config.Patience patience(Section peers) throws ConfigException {
    Duration least = Duration.ofMillis(1);
    return new Config.Patience(
        peers.duration("connect", "250 ms", least),
        peers.duration("unacknowledged", "1 s", least),
        peers.duration("silence", "2 s", least),
        peers.duration("retryAfter", "3 s", least),
        peers.duration("behind", "500 ms"),
        peers.number("hotRequests", 16, 1, Integer.MAX_VALUE),
        peers.duration("hotWindow", "10 s", least));
  }

  private static Config.Disk disk(Section disk) throws ConfigException {
    return new Config.Disk(
        Path.of(disk.required("path")),
        disk.bytes("size", "0 MiB"),
        disk.bytes("reserve", "0 MiB"));
  }

  private static Config.Origins origins(Section origins) throws ConfigException {
    return new Config.Origins(
        origins.list("privateAllowed", "", Reading::network),
        origins.sections("s3", List.of(), Reading::bucket));
  }

  private static Config.Bucket bucket(Section bucket) throws ConfigException {
    Section credentials = bucket.section("credentials");
    return new Config.Bucket(
        name(bucket.required("suffix")),
        endpoint(bucket),
        bucket.text("region", "us-east-1"),
        credentials.text("accessKeyId", ""),
        credentials.text("secretAccessKey", ""));
  }

  private static URI endpoint(Section bucket) throws ConfigException {
    String text = bucket.required("endpoint");
    if (!text.matches("https?://[A-Za-z0-9.\\[\\]:-]+")) {
      throw bucket.wrong(
          "endpoint", "expected http:// or https://, a host and a port, not " + text);
    }
    return URI.create(text);
  }

  private static Config.Geography geography(Section geography) throws ConfigException {
    return new Config.Geography(
        geography.text("countries").map(Path::of), geography.text("latencies").map(Path::of));
  }

  private static Config.Maps maps(Section rtt, Section map, Section geography)
      throws ConfigException {
    return new Config.Maps(
        rtt.flag("measure", true),
        rtt.duration("window", "60 s", Config.Maps.MEASURED_WINDOW_MIN),
        map.flag("make", true),
        map.duration("window", "60 s", Config.Maps.WINDOW_MIN),
        map.decimal("pace", "1", 1, Config.Maps.PACE_MAX),
        geography.text("systems").map(Path::of),
        geography.text("cities").map(Path::of),
        map.text("prefixes").map(Path::of),
        map.text("coverageZone").map(Path::of),
        map.text("coverageNames").map(Path::of));
  }

  private static String name(String text) {
    if (!text.matches(
            "([a-z0-9*]([a-z0-9-]{0,61}[a-z0-9])?)(\\.[a-z0-9*]([a-z0-9-]{0,61}[a-z0-9])?)*")
        || text.length() > 253) {
      throw new IllegalArgumentException("expected a DNS name in lower case, not " + text);
    }
    return text;
  }

  private static String address(String text) {
    if (!text.matches("[0-9.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      throw new IllegalArgumentException("expected an IP address, not " + text);
    }
    return text;
  }

  private static String network(String text) {
    if (!text.matches("[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}")) {
      throw new IllegalArgumentException("expected a network such as 10.0.0.0/8, not " + text);
    }
    return text;
  }

  private static Config.Place five(
      String code,
      String city,
      String country,
      double latitude,
      double longitude,
      PriceClass priceClass,
      int last) {
    Location location =
        new Location(code, city, country, latitude, longitude, priceClass, 10, Optional.empty());
    return new Config.Place(location, "127.0.0." + last, Optional.empty());
  }
}
