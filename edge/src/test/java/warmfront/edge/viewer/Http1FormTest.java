package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Head;
import warmfront.http.Fields;

final class Http1FormTest {
  private static final int FORMS = 10_000;
  private static final Fields FIELDS =
      Fields.of(
          "Content-Type",
          "text/plain",
          "CONNECTION",
          "close",
          "Cache-Control",
          "max-age=3600",
          "X-Name",
          "caf\u00e9",
          "Date",
          "Sun, 06 Nov 1994 08:49:37 GMT");

  private static final String LINES =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/plain\r
      Cache-Control: max-age=3600\r
      X-Name: caf\u00e9\r
      Date: Sun, 06 Nov 1994 08:49:37 GMT\r
      """;

  @Test
  void a_form_has_the_fields_that_are_not_written_by_the_connection() {
    assertThat(text(new Head(200, FIELDS, 12))).isEqualTo(LINES + "Content-Length: 12\r\n");
    assertThat(text(new Head(200, FIELDS, -1))).isEqualTo(LINES);
    assertThat(text(new Head(304, Fields.empty(), 12))).isEqualTo("HTTP/1.1 304 Not Modified\r\n");
  }

  private static String text(Head head) {
    return new String(Http1Form.of(head).bytes(), ISO_8859_1);
  }

  @Test
  void a_form_makes_little_beside_its_bytes() {
    make();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    make();

    long each = (threads.getCurrentThreadAllocatedBytes() - before) / FORMS;
    assertThat(each).isLessThan(LINES.length() + 600); // a third of what texts in between took
  }

  private static void make() {
    for (int i = 0; i < FORMS; i++) {
      if (Http1Form.of(new Head(200, FIELDS, 12)).bytes().length == 0) {
        throw new AssertionError("an empty form");
      }
    }
  }
}
