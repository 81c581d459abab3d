package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the tools print, as they print it. */
final class ToolsTest {
  @Test
  void wrk_is_understood() throws IOException {
    String said =
        """
        Running 3s test @ http://127.0.0.1:17001/s/1k
          1 threads and 64 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency     1.10ms    1.02ms  20.00ms   90.00%
          180123 requests in 3.05s, 230.15MB read
          Socket errors: connect 1, read 2, write 3, timeout 4
          Non-2xx or 3xx responses: 5
        Requests/sec:  59056.72
        """;

    assertThat(Tools.readWrk(said)).isEqualTo(Load.counted(180_123, 15, 3.05));
  }

  @Test
  void h2load_is_understood() throws IOException {
    String said =
        """
        finished in 980.50ms, 12239.68 req/s, 13.01MB/s
        requests: 12001 total, 12100 started, 12001 done, 12000 succeeded, 1 failed, 1 errored, 0 timeout
        status codes: 11999 2xx, 0 3xx, 1 4xx, 0 5xx
        traffic: 12.76MB (13379112) total, 117.23KB (120044) headers (space savings 95.00%), 11.72MB (12288000) data
        """;

    assertThat(Tools.readH2load(said)).isEqualTo(new Load(12_000, 13_379_112, 2, 0.9805, 0));
  }

  @Test
  void the_total_of_strace_is_understood() throws IOException {
    String table =
        """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
         51.00    0.010000           5      2000           sendto
         49.00    0.009000           4      2100       100 recvfrom
        ------ ----------- ----------- --------- --------- ----------------
        100.00    0.019000           4      4100       100 total
        """;

    assertThat(Tools.readStrace(table)).isEqualTo(4100);
  }

  @Test
  void words_that_are_not_understood_are_shown() {
    assertThatThrownBy(() -> Tools.readWrk("unable to connect")).hasMessageContaining("unable");
  }

  @Test
  void a_missing_tool_is_named_by_its_package() {
    assertThat(Tools.missing(List.of("no-such-tool", "sh"))).containsExactly("no-such-tool");
  }
}
