package warmfront.edge.log;

import java.net.InetAddress;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Distribution;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tls;
import warmfront.http.ByteRange;

/**
 * One row of CloudFront's standard log: 33 fields with tabs between, percent-encoded, {@code -} for
 * nothing (CloudFront, "Standard log file fields"). Written again and again into the same memory.
 * Not thread-safe.
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

  private static final int USUAL_BYTES = 1024;
  private static final int DIGITS_MAX = 20;
  private static final boolean[] AS_IT_IS = asItIs();
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private byte[] row = new byte[USUAL_BYTES];
  private int size;

  /** The second of {@link #moment}, since 1970. */
  private long second = Long.MIN_VALUE;

  private String moment = "";
  private @Nullable InetAddress address;
  private String addressText = "";

  /** Writes the row of a record, with its line feed, in ASCII. */
  void write(AccessRecord record) {
    size = 0;
    @Nullable Request request = record.request().orElse(null);
    @Nullable Route route = record.route().orElse(null);
    @Nullable Tls tls = request == null ? null : request.tls().orElse(null);
    @Nullable ByteRange range = record.range().orElse(null);
    @Nullable Distribution distribution = route == null ? null : route.site().distribution();
    boolean cookies =
        distribution != null
            && distribution.logging().isPresent()
            && distribution.logging().get().cookies();
    plain(moment(record.finishedMillis()));
    plain(record.place().location().pop());
    number(record.delivery().bytes());
    plain(request == null ? "-" : text(request.viewer().getAddress()));
    text(request == null ? null : request.method().name());
    text(distribution == null ? null : distribution.domainName());
    text(request == null ? null : request.path());
    status(record.status());
    text(field(request, "Referer"));
    text(field(request, "User-Agent"));
    text(request == null ? null : request.query());
    text(cookies ? field(request, "Cookie") : null);
    plain(record.result().logName());
    plain(record.requestId());
    text(host(request));
    plain(record.place().secure() ? "https" : "http");
    number((request == null ? 0 : request.headBytes()) + record.delivery().requestBodyBytes());
    seconds(record.tookNanos());
    text(field(request, "X-Forwarded-For"));
    text(tls == null ? null : tls.protocol());
    text(tls == null ? null : tls.cipher());
    plain(record.responseResult().logName());
    plain(request == null ? "-" : request.protocol().logName());
    plain("-"); // fle-status: no field-level encryption
    plain("-"); // fle-encrypted-fields
    numberOrNone(request == null ? -1 : request.viewer().getPort());
    seconds(request == null ? 0 : record.delivery().firstByteNanos() - request.startNanos());
    plain(record.detailedResult());
    text(record.contentType());
    numberOrNone(record.contentLength());
    numberOrNone(range == null ? -1 : range.first());
    numberOrNone(range == null ? -1 : range.last());
    row[size - 1] = '\n';
  }

  /** Returns the memory of the row, good until the next is written. */
  byte[] bytes() {
    return row;
  }

  /** Returns the row's length in bytes. */
  int length() {
    return size;
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

  /** Returns date and time, with a tab between; most rows have those of the row before. */
  private String moment(long millis) {
    long now = Math.floorDiv(millis, 1000L);
    if (now != second) {
      second = now;
      LocalDateTime time = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC);
      moment =
          "%s\t%02d:%02d:%02d"
              .formatted(time.toLocalDate(), time.getHour(), time.getMinute(), time.getSecond());
    }
    return moment;
  }

  @SuppressWarnings("ReferenceEquality") // a connection has one object for all of its requests
  private String text(InetAddress viewer) {
    if (viewer != address) {
      address = viewer;
      addressText = viewer.getHostAddress();
    }
    return addressText;
  }

  private void status(int status) {
    if (status == 0) {
      plain("000");
    } else {
      number(status);
    }
  }

  private void numberOrNone(long number) {
    if (number < 0) {
      plain("-");
    } else {
      number(number);
    }
  }

  private void number(long number) {
    room(DIGITS_MAX + 1);
    digits(number);
    row[size++] = '\t';
  }

  private void digits(long number) {
    assert number >= 0 : number;
    int from = size;
    long rest = number;
    do {
      row[size++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    for (int low = from, high = size - 1; low < high; low++, high--) {
      byte digit = row[low];
      row[low] = row[high];
      row[high] = digit;
    }
  }

  /** Seconds with three decimals. */
  private void seconds(long nanos) {
    long millis = Math.max(0, (nanos + 500_000) / 1_000_000);
    room(DIGITS_MAX + 5);
    digits(millis / 1000);
    row[size++] = '.';
    row[size++] = (byte) ('0' + millis / 100 % 10);
    row[size++] = (byte) ('0' + millis / 10 % 10);
    row[size++] = (byte) ('0' + millis % 10);
    row[size++] = '\t';
  }

  @SuppressWarnings("deprecation") // exact for ASCII, and copies nothing in between
  private void plain(String text) {
    int length = text.length();
    room(length + 1);
    text.getBytes(0, length, row, size);
    size += length;
    row[size++] = '\t';
  }

  /** Bytes 0 to 32, from 127 on, and some others are percent-encoded; so a percent sign is, too. */
  private void text(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      plain("-");
      return;
    }
    int length = text.length();
    room(3 * length + 1);
    byte[] out = row;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < AS_IT_IS.length && AS_IT_IS[c]) {
        out[at++] = (byte) c;
      } else {
        out[at++] = '%';
        out[at++] = HEX[c >> 4 & 15];
        out[at++] = HEX[c & 15];
      }
    }
    out[at++] = '\t';
    size = at;
  }

  private void room(int needed) {
    if (row.length - size < needed) {
      row = Arrays.copyOf(row, 2 * size + needed);
    }
  }

  private static boolean[] asItIs() {
    boolean[] are = new boolean[127];
    for (char c = 33; c < 127; c++) {
      are[c] = "<>\"#%{}|\\^~[]`'".indexOf(c) < 0;
    }
    return are;
  }
}
