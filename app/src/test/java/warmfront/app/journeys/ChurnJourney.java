package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.call.Fetch;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * Promise: while distributions are made, changed and deleted, every edge that DNS names for one
 * serves it, from the first answer of DNS on.
 */
final class ChurnJourney {
  private static final int SITES = 12;
  private static final int TOGETHER = 4;
  private static final int CHANGES = 3;

  private static final List<InetAddress> VIEWERS =
      List.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("198.51.100.7"));

  @TempDir private Path folder;
  private final Queue<String> bad = new ConcurrentLinkedQueue<>();
  private final AtomicInteger visits = new AtomicInteger();

  @Test
  void a_name_that_dns_gives_out_is_served_by_every_edge_that_it_names() throws Exception {
    try (Origin origin = Origin.open().says("/page", 200, "max-age=600", "here");
        Fleet fleet = Fleet.begin(folder)) {
      fleet.registerLocation("FRA");
      fleet.registerLocation("NRT");
      fleet.registerEdge("fra-1", "FRA", "127.0.0.2");
      fleet.registerEdge("nrt-1", "NRT", "127.0.0.3");
      fleet.registerDns("dns-1", "FRA");
      fleet.startAll(true, "fra-1", "nrt-1", "dns-1");

      try (ExecutorService threads = Executors.newFixedThreadPool(TOGETHER)) {
        List<Future<?>> lives = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
          String reference = "site-" + i;
          boolean ends = i % 3 == 2;
          lives.add(
              threads.submit(() -> {
                live(fleet, reference, origin.port(), ends);
                return reference;
              }));
        }
        for (Future<?> life : lives) {
          life.get();
        }
      }

      assertThat(bad).isEmpty();
      assertThat(visits.get()).isGreaterThan(SITES * 2);
    }
  }

  /** A distribution is made, seen, changed, and perhaps deleted. */
  private void live(Fleet fleet, String reference, int port, boolean ends) throws Exception {
    try (Api api = fleet.api()) {
      String config = Api.plain(reference, port);
      Api.Answer made = api.call("POST", "distribution", config);
      assertThat(made.status()).as(made.body()).isEqualTo(201);
      String id = made.text("Id");
      String name = made.text("DomainName");
      String etag = made.etag().orElseThrow();
      Await.until(name + " is deployed", () -> seen(fleet, name) && isDeployed(api, id));
      for (int i = 0; i < CHANGES; i++) {
        etag = update(api, id, etag, config.replace("index.html", i + ".html"));
        Await.until(name + " is deployed", () -> seen(fleet, name) && isDeployed(api, id));
      }
      if (ends) {
        String last = update(api, id, etag, config.replace("<Enabled>true<", "<Enabled>false<"));
        Await.until(name + " is off", () -> isDeployed(api, id));
        assertThat(api.call("DELETE", "distribution/" + id, "", "If-Match", last).status())
            .isEqualTo(204);
        Await.until(name + " left DNS", () -> ask(fleet, name, VIEWERS.getFirst()).isEmpty());
      }
    }
  }

  private static String update(Api api, String id, String etag, String config) throws Exception {
    Api.Answer answer = api.call("PUT", "distribution/" + id + "/config", config, "If-Match", etag);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.etag().orElseThrow();
  }

  private static boolean isDeployed(Api api, String id) throws Exception {
    return api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed");
  }

  /** Visits every edge that DNS names; returns whether it named one to each viewer. */
  private boolean seen(Fleet fleet, String name) throws Exception {
    boolean all = true;
    for (InetAddress viewer : VIEWERS) {
      List<InetAddress> edges = ask(fleet, name, viewer);
      all &= !edges.isEmpty();
      for (InetAddress edge : edges) {
        int status =
            new Fetch(Clock.system())
                .get(new InetSocketAddress(edge, fleet.httpPort()), name, "/page", Fields.empty())
                .status();
        visits.incrementAndGet();
        if (status != 200) {
          bad.add("%d for %s from %s".formatted(status, name, edge));
        }
      }
    }
    return all;
  }

  private static List<InetAddress> ask(Fleet fleet, String name, InetAddress viewer)
      throws Exception {
    return new DnsQuestion(name, DnsQuestion.A, viewer).ask(fleet.dns("dns-1")).addresses();
  }
}
