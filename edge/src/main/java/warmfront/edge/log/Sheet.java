package warmfront.edge.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

/**
 * All cells of one request that deliveries choose among: those of its {@link Line}, and some of
 * real-time logs. Written again and again. Not thread-safe.
 */
final class Sheet {
  private static final List<String> STANDARD = List.of(Line.FIELDS.split(" ", -1));

  /** Cookies are among these, as a delivery has them whatever the distribution's own log says. */
  private static final List<String> FURTHER =
      List.of(
          "cs(Cookie)",
          "timestamp",
          "timestamp(ms)",
          "origin-fbl",
          "origin-lbl",
          "asn",
          "c-country",
          "cache-behavior-path-pattern",
          "distribution-tenant-id");

  private static final int NOWHERE = -1;
  private static final byte[] NOTHING = {'-'};

  private final Cells standard;
  private final Cells further = new Cells();
  private final int[] ends = new int[STANDARD.size() + FURTHER.size()];

  /**
   * Makes one.
   *
   * @param standard where the line of the request is, when the sheet is written
   */
  Sheet(Cells standard) {
    this.standard = standard;
  }

  /** Returns where the cell of a field is, by its name. */
  static int place(String field) {
    int further = FURTHER.indexOf(field);
    return further == NOWHERE ? STANDARD.indexOf(field) : STANDARD.size() + further;
  }

  /** Writes it for the request whose line was written last. */
  void write(AccessRecord record, Atlas atlas) {
    find(standard, 0);
    @Nullable Request request = record.request().orElse(null);
    @Nullable Route route = record.route().orElse(null);
    further.begin();
    further.text(request == null ? null : request.fields().joined("Cookie"));
    further.number(record.finishedMillis() / 1000);
    further.number(record.finishedMillis());
    if (record.originNanos() < 0) {
      further.plain("-");
    } else {
      further.seconds(record.originNanos());
    }
    further.plain("-"); // when the origin's last byte came is not known
    int system = request == null ? 0 : atlas.system(request.viewer().getAddress());
    further.numberOrNone(system == 0 ? -1 : Integer.toUnsignedLong(system));
    further.text(
        request == null ? null : atlas.country(request.viewer().getAddress()).orElse(null));
    further.text(route == null ? null : route.behavior().pathPattern());
    further.text(route == null ? null : route.site().tenant().orElse(null));
    further.end();
    find(further, STANDARD.size());
  }

  /** Finds where the cells of a row end. */
  private void find(Cells row, int first) {
    byte[] bytes = row.bytes();
    int place = first;
    for (int i = 0; i < row.length(); i++) {
      if (bytes[i] == '\t' || bytes[i] == '\n') {
        ends[place++] = i;
      }
    }
  }

  /** Appends a cell to a row; a hyphen if there is no such cell. */
  void copy(int place, Cells row) {
    if (place == NOWHERE) {
      row.raw(NOTHING, 0, NOTHING.length);
      return;
    }
    boolean first = place == 0 || place == STANDARD.size();
    Cells from = place < STANDARD.size() ? standard : further;
    row.raw(from.bytes(), first ? 0 : ends[place - 1] + 1, ends[place]);
  }
}
