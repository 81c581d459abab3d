package warmfront.edge.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tls;
import warmfront.http.ByteRange;

/**
 * One row of CloudFront's standard log: 33 fields with tabs between, percent-encoded, {@code -} for
 * nothing (CloudFront, "Standard log file fields").
 */
final class Line {
  /** The fields' names. */
  static final String FIELDS =
      "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem"
          + " sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type"
          + " x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for"
          + " ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status"
          + " fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type"
          + " sc-content-type sc-content-len sc-range-start sc-range-end";

  private static final int SWITCHING_PROTOCOLS = 101;

  private Line() {}

  /** Writes the row of a record, with its line feed. */
  static void write(AccessRecord record, Cells cells) {
    cells.begin();
    @Nullable Request request = record.request().orElse(null);
    @Nullable Route route = record.route().orElse(null);
    @Nullable Tls tls = request == null ? null : request.tls().orElse(null);
    @Nullable ByteRange range = record.range().orElse(null);
    @Nullable Distribution distribution = route == null ? null : route.site().distribution();
    boolean cookies =
        distribution != null
            && distribution.logging().isPresent()
            && distribution.logging().get().cookies();
    cells.moment(record.finishedMillis());
    cells.plain(record.place().location().pop());
    cells.number(record.delivery().bytes());
    if (request == null) {
      cells.plain("-");
    } else {
      cells.address(request.viewer().getAddress());
    }
    cells.text(request == null ? null : request.method().name());
    cells.text(distribution == null ? null : distribution.domainName());
    cells.text(request == null ? null : request.path());
    if (record.status() == 0) {
      cells.plain("000");
    } else {
      cells.number(record.status());
    }
    cells.text(field(request, "Referer"));
    cells.text(field(request, "User-Agent"));
    cells.text(request == null ? null : request.query());
    cells.text(cookies ? field(request, "Cookie") : null);
    cells.plain(record.result().logName());
    cells.plain(record.requestId());
    cells.text(host(request));
    cells.plain(scheme(record));
    cells.number(
        (request == null ? 0 : request.headBytes()) + record.delivery().requestBodyBytes());
    cells.seconds(record.tookNanos());
    cells.text(field(request, "X-Forwarded-For"));
    cells.text(tls == null ? null : tls.protocol());
    cells.text(tls == null ? null : tls.cipher());
    cells.plain(record.responseResult().logName());
    cells.plain(request == null ? "-" : request.protocol().logName());
    @Nullable Encrypted encrypted = record.encrypted().orElse(null);
    cells.plain(encrypted == null ? "-" : encrypted.status().logName());
    cells.numberOrNone(encrypted == null ? -1 : encrypted.fields());
    cells.numberOrNone(request == null ? -1 : request.viewer().getPort());
    cells.seconds(request == null ? 0 : record.delivery().firstByteNanos() - request.startNanos());
    cells.plain(record.detailedResult());
    cells.text(record.contentType());
    cells.numberOrNone(record.contentLength());
    cells.numberOrNone(range == null ? -1 : range.first());
    cells.numberOrNone(range == null ? -1 : range.last());
    cells.end();
  }

  private static @Nullable String field(@Nullable Request request, String name) {
    return request == null ? null : request.fields().joined(name);
  }

  private static @Nullable String host(@Nullable Request request) {
    if (request == null) {
      return null;
    }
    @Nullable String said = request.fields().value("Host");
    return said == null ? request.host() : said;
  }

  private static boolean isCall(AccessRecord record) {
    Optional<Request> request =
        record.request().filter(asked -> asked.protocol() == Protocol.HTTP_2);
    return request.isPresent()
        && record.route().isPresent()
        && Grpc.isCall(record.route().get(), request.get());
  }

  private static String scheme(AccessRecord record) {
    if (isCall(record)) {
      return "grpcs"; // HTTP/2 is spoken over TLS alone
    }
    boolean socket =
        record.status() == SWITCHING_PROTOCOLS
            && record.request().filter(Request::isTunnel).isPresent();
    return (socket ? "ws" : "http") + (record.place().secure() ? "s" : "");
  }
}
