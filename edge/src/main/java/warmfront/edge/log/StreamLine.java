package warmfront.edge.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.StreamRecord;

/**
 * One row of the log of a streaming distribution: 17 fields with tabs between, percent-encoded,
 * {@code -} for nothing (CloudFront, "RTMP distribution log file format").
 */
final class StreamLine {
  /** The fields' names. */
  static final String FIELDS =
      "date time x-edge-location c-ip x-event sc-bytes x-cf-status x-cf-client-id cs-uri-stem"
          + " cs-uri-query c-referrer x-page-url c-user-agent x-sname x-sname-query x-file-ext"
          + " x-sid";

  private StreamLine() {}

  /** Writes the row of a record, with its line feed. */
  static void write(StreamRecord record, Cells cells) {
    StreamRecord.@Nullable Stream stream = record.stream().orElse(null);
    cells.begin();
    cells.moment(record.millis());
    cells.plain(record.location().pop());
    cells.address(record.viewer());
    cells.plain(record.event());
    cells.number(record.sentBytes());
    cells.plain(record.status());
    cells.text(record.client());
    cells.text(octets(record.uri()));
    cells.text(octets(record.query()));
    cells.text(octets(record.referrer()));
    cells.text(octets(record.page()));
    cells.text(octets(record.agent()));
    cells.text(stream == null ? null : octets(stream.name()));
    cells.text(stream == null ? null : octets(stream.query()));
    cells.text(stream == null ? null : octets(stream.type()));
    cells.numberOrNone(stream == null ? -1 : stream.id());
    cells.end();
  }

  /** Players send Unicode; a log has its octets in UTF-8, percent-encoded. */
  private static String octets(String text) {
    return text.chars().allMatch(c -> c < 128)
        ? text
        : new String(text.getBytes(UTF_8), ISO_8859_1);
  }
}
