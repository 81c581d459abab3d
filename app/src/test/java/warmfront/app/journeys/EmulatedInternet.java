package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import warmfront.app.call.DnsQuestion;

/**
 * A program: viewers of fifty networks visit a distribution of twenty locations over an Internet of
 * this program's own making. It runs in a network namespace that it can do with as it likes ({@code
 * unshare --net}); the viewers are in another. DNS is asked with each viewer's subnet, connections
 * are made from addresses of that subnet, and each packet takes the time that the matrix says.
 *
 * <p>Its last line on stdout is a JSON object of figures.
 */
final class EmulatedInternet {
  private static final String DNS = "10.201.255.1";
  private static final String RESOLVER = "10.202.0.1";
  private static final int THREADS = 24;

  /** Time one way between resolver and DNS server. */
  private static final long RESOLVER_NANOS = 500_000;

  private static final double NEAR_MILLIS = 5;
  private static final double FAR_MILLIS = 25;
  private static final int USUAL_TTL = 20;

  /** One visit: who, and where it was sent. */
  private record Visit(long nanos, int group, int site, boolean explored) {}

  /** What is said of visits. */
  private record Figures(
      int visits, double near, double far, double millis, double bestMillis, double explored) {}

  private final World world;
  private final Warmfront warmfront;
  private final String host;
  private final ConcurrentLinkedQueue<Visit> visits = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile Figures byGeography = new Figures(0, 0, 0, 0, 0, 0);
  private volatile boolean ends;

  private EmulatedInternet(World world, Warmfront warmfront, String host) {
    this.world = world;
    this.warmfront = warmfront;
    this.host = host;
  }

  /**
   * Runs it.
   *
   * @param args a folder for what it writes, how many minutes are emulated, how many of them pass
   *     in one, how many visits a second are made
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    double minutes = Double.parseDouble(args[1]);
    double faster = Double.parseDouble(args[2]);
    int pace = Integer.parseInt(args[3]);
    Path tables = Program.home().resolve("app/target");
    World world = World.of(7, tables.resolve("countries.mmdb"), tables.resolve("systems.csv"));
    configure("ip link set lo up");
    Tun servers = Tun.open("servers");
    for (World.Site site : world.sites()) {
      configure("ip addr add " + site.address() + "/32 dev servers");
    }
    configure("ip addr add " + DNS + "/32 dev servers");
    configure("ip link set servers up");
    configure("ip route add default dev servers");
    Viewers viewers = new Viewers(world, pace);
    Thread.ofPlatform().name("viewers").start(viewers);
    Distances.between(
        viewers.tun.get(), servers, (viewer, server) -> oneWay(world, viewer, server));
    try (Origin origin = Origin.open().says("/a", 200, "max-age=3600", "a");
        Warmfront up = Warmfront.up(folder, settings(world, faster));
        Api api = new Api(up.callApi())) {
      String host = api.createDistribution(Api.plain("internet", origin.port())).domainName();
      EmulatedInternet internet = new EmulatedInternet(world, up, host);
      viewers.begin(internet);
      internet.watch(minutes, faster);
    }
    System.exit(0); // threads that wait for packets never end
  }

  /** The viewers' network, and the thread that all of theirs come from. */
  private static final class Viewers implements Runnable {
    private final World world;
    private final int pace;
    private final CompletableFuture<Tun> tun = new CompletableFuture<>();
    private final CompletableFuture<EmulatedInternet> begun = new CompletableFuture<>();

    Viewers(World world, int pace) {
      this.world = world;
      this.pace = pace;
    }

    void begin(EmulatedInternet internet) {
      begun.complete(internet);
    }

    @Override
    public void run() {
      try {
        Tun.leaveNetwork();
        configure("ip link set lo up");
        Tun device = Tun.open("viewers");
        configure("ip addr add " + RESOLVER + "/32 dev viewers");
        configure("ip link set viewers up");
        configure("ip route add default dev viewers");
        for (World.Group group : world.groups()) {
          String prefix = World.address(group.prefix()).getHostAddress() + "/24";
          configure("ip route add local " + prefix + " dev lo");
        }
        tun.complete(device);
        EmulatedInternet internet = begun.get();
        internet.geography();
        for (int i = 0; i < THREADS; i++) {
          Random random = new Random(100 + i);
          long periodNanos = 1_000_000_000L * THREADS / pace;
          Thread.ofPlatform().daemon().start(() -> internet.visit(random, periodNanos));
        }
      } catch (Exception failed) {
        failed.printStackTrace();
        System.exit(1);
      }
    }
  }

  private static long oneWay(World world, int viewer, int server) {
    if (viewer == World.number(RESOLVER)) {
      return RESOLVER_NANOS;
    }
    int group = world.group(viewer);
    int site = world.site(server);
    return group < 0 || site < 0
        ? -1
        : (long) (world.groups().get(group).millis().get(site) * 1_000_000 / 2);
  }

  private static Map<String, String> settings(World world, double faster) throws IOException {
    String locations =
        world.sites().stream()
            .map(site ->
                "{code: %s, city: %s, country: %s, latitude: %s, longitude: %s, address: %s}"
                    .formatted(
                        site.code(),
                        site.city(),
                        site.country(),
                        site.place().latitude(),
                        site.place().longitude(),
                        site.address()))
            .collect(Collectors.joining(", ", "[", "]"));
    Map<String, String> settings = new HashMap<>();
    settings.put("locations", locations);
    settings.put("routing.map", "{pace: %s}".formatted(faster));
    int port = new Ports().free();
    settings.put("dns.listen", "[\"127.0.0.1:%d\", \"%s:%d\"]".formatted(port, DNS, port));
    return settings;
  }

  /** Asks for each group once, before anything is measured: that is geography alone. */
  private void geography() throws IOException {
    List<Visit> first = new ArrayList<>();
    for (int group = 0; group < world.groups().size(); group++) {
      // As many as the group's share, so that the figures weigh as those of visits do.
      int weight = (int) Math.round(10_000 * world.groups().get(group).share());
      int site = ask(group).site();
      for (int i = 0; i < weight; i++) {
        first.add(new Visit(0, group, site, false));
      }
    }
    byGeography = figures(first);
    say("geography", byGeography);
  }

  private Visit ask(int group) throws IOException {
    return ask(group, new InetSocketAddress(InetAddress.ofLiteral(DNS), warmfront.dns().getPort()));
  }

  private Visit ask(int group, InetSocketAddress dns) throws IOException {
    InetAddress viewer = World.address(world.groups().get(group).prefix() + 1);
    DnsQuestion.Answer answer = new DnsQuestion(host, DnsQuestion.A, viewer).ask(dns);
    if (answer.addresses().isEmpty()) {
      throw new IOException("no address for " + viewer);
    }
    int site = world.site(ByteBuffer.wrap(answer.addresses().getFirst().getAddress()).getInt());
    return new Visit(System.nanoTime(), group, site, answer.ttl() < USUAL_TTL);
  }

  private void visit(Random random, long periodNanos) {
    long next = System.nanoTime() + (long) (random.nextDouble() * periodNanos);
    while (!ends) {
      try {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        next += periodNanos;
        int group = pick(random);
        Visit visit = ask(group);
        fetch(World.address(world.groups().get(group).prefix() + 1 + random.nextInt(254)), visit);
        visits.add(visit);
      } catch (IOException | InterruptedException failed) {
        failures.add(failed.toString());
      }
    }
  }

  private void fetch(InetAddress from, Visit visit) throws IOException {
    InetAddress to = InetAddress.ofLiteral(world.sites().get(visit.site()).address());
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(from, 0));
      socket.setSoTimeout(5000);
      socket.connect(new InetSocketAddress(to, warmfront.httpPort()), 5000);
      String request = "GET /a HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      if (!all.startsWith("HTTP/1.1 200 ")) {
        throw new IOException("answered with " + all.lines().findFirst().orElse("nothing"));
      }
    }
  }

  private int pick(Random random) {
    double left = random.nextDouble();
    for (int i = 0; i < world.groups().size(); i++) {
      left -= world.groups().get(i).share();
      if (left < 0) {
        return i;
      }
    }
    return world.groups().size() - 1;
  }

  /**
   * Says how it goes at each twelfth of the time, then how bad the worst of them was and what came
   * of the last third: in a shorter time a range or two that are explored have a large share.
   */
  private void watch(double minutes, double faster) throws IOException, InterruptedException {
    long length = (long) (Duration.ofMinutes(1).toNanos() * minutes / faster);
    int parts = 12;
    double worst = 0;
    List<Visit> late = new ArrayList<>();
    for (int i = 1; i <= parts; i++) {
      TimeUnit.NANOSECONDS.sleep(length / parts);
      List<Visit> lately = new ArrayList<>();
      for (Visit visit = visits.poll(); visit != null; visit = visits.poll()) {
        lately.add(visit);
      }
      Figures figures = figures(lately);
      say("minute %.0f".formatted(minutes * i / parts), figures);
      worst = Math.max(worst, figures.millis() - byGeography.millis());
      if (i > parts - parts / 3) {
        late.addAll(lately);
      }
    }
    Figures last = figures(late);
    say("last third", last);
    ends = true;
    explain();
    failures.stream().distinct().limit(10).forEach(System.err::println);
    System.out.println(
        String.format(
            Locale.ROOT,
            "{\"nearByGeography\":%.4f,\"worseMillis\":%.4f,\"visits\":%d,\"near\":%.4f,\"far\":%.4f,\"exploredMillis\":%.4f,\"failures\":%d}",
            byGeography.near(),
            worst,
            last.visits(),
            last.near(),
            last.far(),
            last.explored(),
            failures.size()));
  }

  /** Says of each group that is not where it is served best why it is not. */
  private void explain() throws IOException, InterruptedException {
    for (int i = 0; i < world.groups().size(); i++) {
      World.Group group = world.groups().get(i);
      int site =
          ask(i, new InetSocketAddress(InetAddress.getLoopbackAddress(), warmfront.dns().getPort()))
              .site();
      if (group.millis().get(site) <= group.best() + NEAR_MILLIS) {
        continue;
      }
      String address = World.address(group.prefix() + 1).getHostAddress();
      System.err.printf(
          Locale.ROOT,
          "%s, %.1f %% of the visits: at %s, %.1f ms; best %s, %.1f ms%n%s%n",
          group.city(),
          100 * group.share(),
          world.sites().get(site).code(),
          group.millis().get(site),
          world.sites().get(group.millis().indexOf(group.best())).code(),
          group.best(),
          warmfront.page("/route?as=text&ip=" + address).body());
    }
  }

  private static void say(String when, Figures figures) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-10s %6d visits, within 5 ms of the best %.1f %%, beyond 25 ms %.1f %%, mean %.1f ms"
                + " (best %.1f), exploring adds %.3f ms",
            when,
            figures.visits(),
            100 * figures.near(),
            100 * figures.far(),
            figures.millis(),
            figures.bestMillis(),
            figures.explored()));
  }

  private Figures figures(List<Visit> all) {
    Map<Integer, Map<Integer, Integer>> usual = new HashMap<>();
    for (Visit visit : all) {
      if (!visit.explored()) {
        usual
            .computeIfAbsent(visit.group(), _ -> new HashMap<>())
            .merge(visit.site(), 1, Integer::sum);
      }
    }
    double near = 0;
    double far = 0;
    double millis = 0;
    double best = 0;
    double explored = 0;
    for (Visit visit : all) {
      World.Group group = world.groups().get(visit.group());
      double own = group.millis().get(visit.site());
      near += own <= group.best() + NEAR_MILLIS ? 1 : 0;
      far += own > group.best() + FAR_MILLIS ? 1 : 0;
      millis += own;
      best += group.best();
      if (visit.explored()) {
        int otherwise =
            usual.getOrDefault(visit.group(), Map.of()).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(visit.site());
        explored += own - group.millis().get(otherwise);
      }
    }
    double count = Math.max(1, all.size());
    return new Figures(
        all.size(), near / count, far / count, millis / count, best / count, explored / count);
  }

  private static void configure(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ")).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + command);
    }
  }
}
