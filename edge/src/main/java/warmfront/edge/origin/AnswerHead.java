package warmfront.edge.origin;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import warmfront.http.Fields;

/**
 * The head of an answer, its syntax checked.
 *
 * @param status 100 to 599
 * @param minor 1 for HTTP/1.1, 0 for HTTP/1.0
 * @param fields all fields as they came
 */
record AnswerHead(int status, int minor, Fields fields) {
  /** Returns whether this is not yet the answer (RFC 9110, 15.2). */
  boolean isInformational() {
    return status < 200;
  }

  /** Returns whether the connection may be used again (RFC 9112, 9.3). */
  boolean persists() {
    return minor == 1 && !EndToEnd.connectionOptions(fields).contains("close");
  }

  /** Returns how long the peer keeps it, as many peers say, a second less for the way there. */
  Optional<Duration> keepAlive() {
    for (String value : fields.all("Keep-Alive")) {
      for (String part : List.of(value.split(","))) {
        String text = part.trim().toLowerCase(Locale.ROOT);
        if (text.matches("timeout=[0-9]{1,6}")) {
          long seconds = Long.parseLong(text.substring("timeout=".length()));
          return Optional.of(Duration.ofSeconds(Math.max(0, seconds - 1)));
        }
      }
    }
    return Optional.empty();
  }
}
