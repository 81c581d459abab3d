package warmfront.edge.log;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Request;
import warmfront.edge.step.Tls;
import warmfront.http.ByteRange;

/**
 * One row of CloudFront's standard log: 33 fields with tabs between, percent-encoded, {@code -} for
 * nothing (CloudFront, "Standard log file fields").
 */
final class Line {
  /** The two lines that begin each file. */
  static final String HEADER =
      "#Version: 1.0\n"
          + "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem"
          + " sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type"
          + " x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for"
          + " ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status"
          + " fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type"
          + " sc-content-type sc-content-len sc-range-start sc-range-end\n";

  private static final String ENCODED = "<>\"#%{}|\\^~[]`'";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final StringBuilder row = new StringBuilder(512);

  private Line() {}

  /** Returns the row of a record, with its line feed, in ASCII. */
  static byte[] of(AccessRecord record) {
    var line = new Line();
    line.write(record);
    line.row.setCharAt(line.row.length() - 1, '\n');
    return line.row.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void write(AccessRecord record) {
    @Nullable Request request = record.request().orElse(null);
    Optional<Tls> tls = record.request().flatMap(Request::tls);
    Optional<Distribution> distribution = record.route().map(route -> route.site().distribution());
    boolean cookies =
        distribution.flatMap(Distribution::logging).map(l -> l.cookies()).orElse(false);
    LocalDateTime finished = LocalDateTime.ofInstant(record.finished(), ZoneOffset.UTC);
    plain(finished.toLocalDate().toString());
    time(finished);
    plain(record.place().location().pop());
    number(record.delivery().bytes());
    plain(request == null ? "-" : request.viewer().getAddress().getHostAddress());
    text(request == null ? null : request.method().name());
    text(distribution.map(Distribution::domainName).orElse(null));
    text(request == null ? null : request.path());
    plain(record.status() == 0 ? "000" : Integer.toString(record.status()));
    text(field(request, "Referer"));
    text(field(request, "User-Agent"));
    text(request == null ? null : request.query());
    text(cookies ? field(request, "Cookie") : null);
    plain(record.result().logName());
    plain(record.requestId());
    text(request == null ? null : request.fields().first("Host").orElse(request.host()));
    plain(record.place().secure() ? "https" : "http");
    number((request == null ? 0 : request.headBytes()) + record.delivery().requestBodyBytes());
    seconds(record.tookNanos());
    text(field(request, "X-Forwarded-For"));
    text(tls.map(Tls::protocol).orElse(null));
    text(tls.map(Tls::cipher).orElse(null));
    plain(record.responseResult().logName());
    plain(request == null ? "-" : request.protocol().logName());
    plain("-"); // fle-status: no field-level encryption
    plain("-"); // fle-encrypted-fields
    plain(request == null ? "-" : Integer.toString(request.viewer().getPort()));
    seconds(request == null ? 0 : record.delivery().firstByteNanos() - request.startNanos());
    plain(record.detailedResult());
    text(record.contentType());
    plain(record.contentLength() < 0 ? "-" : Long.toString(record.contentLength()));
    plain(record.range().map(ByteRange::first).map(String::valueOf).orElse("-"));
    plain(record.range().map(ByteRange::last).map(String::valueOf).orElse("-"));
  }

  private static @Nullable String field(@Nullable Request request, String name) {
    return request == null ? null : request.fields().joined(name);
  }

  private void time(LocalDateTime time) {
    twoDigits(time.getHour()).append(':');
    twoDigits(time.getMinute()).append(':');
    twoDigits(time.getSecond()).append('\t');
  }

  private StringBuilder twoDigits(int number) {
    return row.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private void number(long number) {
    row.append(number).append('\t');
  }

  /** Seconds with three decimals. */
  private void seconds(long nanos) {
    long millis = Math.max(0, (nanos + 500_000) / 1_000_000);
    row.append(millis / 1000).append('.');
    row.append((char) ('0' + millis / 100 % 10));
    twoDigits((int) (millis % 100)).append('\t');
  }

  private void plain(String text) {
    row.append(text).append('\t');
  }

  /** Bytes 0 to 32, from 127 on, and some others are percent-encoded; so a percent sign is, too. */
  private void text(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      plain("-");
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 32 && c < 127 && ENCODED.indexOf(c) < 0) {
        row.append(c);
      } else {
        row.append('%').append(HEX.toHexDigits((byte) c));
      }
    }
    row.append('\t');
  }
}
