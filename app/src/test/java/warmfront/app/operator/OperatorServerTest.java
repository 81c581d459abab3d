package warmfront.app.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import warmfront.time.Clock;

final class OperatorServerTest {
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A part that becomes ready when told. */
  private static final class Room implements Part {
    private volatile boolean ready;

    @Override
    public String name() {
      return "room";
    }

    @Override
    public List<String> unready() {
      return ready ? List.of() : List.of("waits for the log's head");
    }

    @Override
    public List<String> notes() {
      return List.of("serves from its disk");
    }

    @Override
    public void figures(Figures out) {
      out.counter("warmfront_requests", "Requests.", 7, "location", "FRA", "result", "Hit");
      out.counter("warmfront_requests", "Requests.", 2, "location", "NRT", "result", "Miss");
      out.histogram("warmfront_step_seconds", "Time.", new double[] {0.1}, new long[] {3, 1}, 2.5);
    }

    @Override
    public Map<String, Object> status() {
      return Map.of("revision", 12);
    }
  }

  private final Room room = new Room();
  private OperatorServer server;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    server = OperatorServer.open(ANYWHERE);
    server.add(room);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void it_is_ready_when_every_part_is() throws Exception {
    HttpResponse<String> before = get("/readyz");
    room.ready = true;
    HttpResponse<String> after = get("/readyz");

    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("room: waits for the log's head\n");
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(after.body()).isEqualTo("ready\nroom: serves from its disk\n");
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
  }

  @Test
  void figures_come_in_the_text_that_prometheus_reads() throws Exception {
    server.add(new Running("0.1.0", "all", Clock.system()));

    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(answer.body())
        .contains(
            "# TYPE warmfront_requests_total counter",
            "warmfront_requests_total{location=\"FRA\",result=\"Hit\"} 7.0",
            "warmfront_step_seconds_bucket{le=\"0.1\"} 3",
            "warmfront_step_seconds_bucket{le=\"+Inf\"} 4",
            "warmfront_build{version=\"0.1.0\"} 1.0",
            "warmfront_ready 0.0");
  }

  @Test
  void status_is_json_and_pages_get_their_query() throws Exception {
    server.page("/route", query -> OperatorServer.Answer.json(query));

    assertThat(get("/status").body())
        .isEqualTo(
            "{\"ready\":false,\"reasons\":[\"room: waits for the log's head\"],\"room\":{\"revision\":12}}\n");
    assertThat(get("/route?ip=2001%3Adb8::1").body()).isEqualTo("{\"ip\":\"2001:db8::1\"}\n");
  }

  @Test
  void what_it_does_not_know_it_refuses() throws Exception {
    server.page(
        "/failing",
        _ -> {
          throw new IllegalStateException("a bug");
        });
    server.page(
        "/asking",
        _ -> {
          throw new IllegalArgumentException("ip is missing");
        });
    HttpRequest post =
        HttpRequest.newBuilder(at("/status")).POST(HttpRequest.BodyPublishers.noBody()).build();

    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/failing").statusCode()).isEqualTo(500);
    assertThat(get("/asking").body()).isEqualTo("ip is missing\n");
    assertThat(get("/status?" + "a".repeat(1025)).statusCode()).isEqualTo(400);
    assertThat(client.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void a_taken_port_is_named() {
    assertThatThrownBy(() -> OperatorServer.open(server.address()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining(Integer.toString(server.address().getPort()));
  }

  private URI at(String target) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + target);
  }

  private HttpResponse<String> get(String target) throws Exception {
    return client.send(
        HttpRequest.newBuilder(at(target)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
