package warmfront.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import warmfront.bytes.Flow;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Location;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Remedies;
import warmfront.distribution.Wishes;
import warmfront.edge.policy.HashKey;
import warmfront.edge.policy.Keys;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Place;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Step 4: the key of a request, under a policy with nothing but the path in it, and with more. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyBenchmark {
  private static final Set<Method> READ = Set.of(Method.GET, Method.HEAD);

  private final Keys keys = new Keys(new HashKey(1, 2));
  private final Request request = request();
  private final Route plain = route(NameSet.NONE, NameSet.NONE, NameSet.NONE);
  private final Route rich =
      route(
          NameSet.only("Accept-Language", "Origin"),
          NameSet.only("theme"),
          NameSet.only("width", "quality"));

  /** Path and Accept-Encoding. */
  @Benchmark
  public CacheKey path() {
    return keys.key(plain, request);
  }

  /** Two headers, a cookie and two query strings as well. */
  @Benchmark
  public CacheKey policy() {
    return keys.key(rich, request);
  }

  private static Request request() {
    Location location =
        new Location(
            "FRA", "Frankfurt", "DE", 50.1, 8.7, PriceClass.PRICE_CLASS_100, 1, Optional.empty());
    return new Request(
        "id",
        Method.GET,
        "d111111abcdef8.warmfront.localhost",
        "/images/catalogue/spring/1.jpg",
        "width=640&quality=80&campaign=x",
        Fields.of(
            "Host",
            "d111111abcdef8.warmfront.localhost",
            "Accept-Encoding",
            "gzip, deflate, br, zstd",
            "Accept-Language",
            "en-GB,en;q=0.9",
            "Origin",
            "https://a.example",
            "Cookie",
            "session=4f1c2a7be0d94c55; theme=dark; consent=all"),
        Flow.of(new byte[0]),
        0,
        Protocol.HTTP_1_1,
        Optional.empty(),
        new Place(location, false, 8443),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        500,
        0);
  }

  private static Route route(NameSet headers, NameSet cookies, NameSet queries) {
    Origin origin =
        new Origin(
            "site",
            "origin.test",
            "",
            Fields.empty(),
            new Origin.Custom(
                80,
                443,
                Origin.Protocol.HTTP_ONLY,
                List.of("TLSv1.2"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)),
            1,
            Duration.ofSeconds(2));
    Behavior behavior =
        new Behavior(
            "*",
            "site",
            Behavior.ViewerProtocol.ALLOW_ALL,
            READ,
            READ,
            Optional.of("P"),
            Optional.empty(),
            Behavior.Options.NONE);
    Distribution distribution =
        new Distribution(
            "E1",
            "e1.warmfront.localhost",
            true,
            List.of(),
            "",
            true,
            true,
            PriceClass.PRICE_CLASS_ALL,
            List.of(origin),
            List.of(),
            behavior,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Wishes.NONE,
            Entrance.PLAIN,
            Remedies.NONE);
    CachePolicy policy =
        new CachePolicy(
            "P",
            "P",
            Duration.ofSeconds(1),
            Duration.ofDays(1),
            Duration.ofDays(365),
            true,
            true,
            headers,
            cookies,
            queries);
    return new Route(new Site(distribution, 1), behavior, policy, origin, Optional.empty());
  }
}
