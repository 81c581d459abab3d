package warmfront.control.publish;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.publish.Members.Report;
import warmfront.control.publish.Members.Word;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.link.Held;
import warmfront.link.wire.Ack;

/**
 * What control processes over one database tell one another of the servers that follow them, so
 * that each judges the whole fleet. A process writes a row for each server that it hears, whenever
 * something changes, and counts up a row of its own; what it wrote is believed for as long as that
 * row is seen to move. Clocks of different machines are never compared. Confined to one thread.
 */
final class Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

  private static final String PROCESS = "control-process";
  private static final String SESSION = "control-session";
  private static final String HERE = "Here";
  private static final String LIVE = "Live";
  private static final String STALE = "Stale";
  private static final String GONE = "Gone";

  /** The row of a process that did not move for so many leases is removed. */
  private static final int FORGOTTEN_LEASES = 60;

  /** How another process's row was last seen to move; a time of {@link Attention}. */
  private record Beat(long count, long nanos) {}

  private final Store store;
  private final Members members;
  private final Attention attention;
  private final Timing timing;
  private final String id = UUID.randomUUID().toString();
  private final Map<String, Beat> beats = new HashMap<>();
  private Map<String, Report> written = Map.of();
  private long count;
  private long countedNanos;

  Elsewhere(Store store, Members members, Attention attention, Timing timing) {
    this.store = store;
    this.members = members;
    this.attention = attention;
    this.timing = timing;
    this.countedNanos = attention.nanos() - timing.poll().toNanos();
  }

  /** Writes what changed here and takes what changed elsewhere. */
  void exchange() {
    Map<String, Report> own = members.reports();
    boolean beat = attention.nanos() - countedNanos >= timing.poll().toNanos();
    if (beat || !own.equals(written)) {
      long next = count + 1;
      store.write(transaction -> {
        put(transaction, PROCESS, id, "", HERE, next, "");
        write(transaction, own);
        return true;
      });
      count = next;
      countedNanos = attention.nanos();
      written = own;
    }
    members.elsewhere(read());
  }

  /** Takes its row back, so that nobody believes what it wrote: this process ends. */
  void leave() {
    forget(id);
  }

  private void forget(String process) {
    store.write(transaction -> {
      transaction.find(PROCESS, process).ifPresent(_ -> transaction.delete(PROCESS, process));
      return true;
    });
  }

  private void write(Transaction transaction, Map<String, Report> own) {
    own.forEach((server, report) -> {
      if (!report.equals(written.get(server))) {
        String status = report.live() ? (report.fresh() ? LIVE : STALE) : GONE;
        put(transaction, SESSION, server, id, status, report.word().revision(), body(report));
      }
    });
    for (String server : written.keySet()) {
      if (!own.containsKey(server)) {
        transaction
            .find(SESSION, server)
            .filter(row -> row.parent().equals(id))
            .ifPresent(row -> transaction.update(row.withStatus(GONE)));
      }
    }
  }

  private static void put(
      Transaction transaction,
      String type,
      String id,
      String parent,
      String status,
      long revision,
      String body) {
    Instant never = Instant.EPOCH;
    Row row = new Row(type, id, parent, status, "", never, never, revision, body);
    if (transaction.find(type, id).isPresent()) {
      transaction.update(row);
    } else {
      transaction.insert(row);
    }
  }

  private static String body(Report report) {
    Word word = report.word();
    Ack.Builder ack =
        Ack.newBuilder()
            .setEpoch(word.epoch())
            .setRevision(word.revision())
            .addAllKept(word.kept());
    word.held().forEach(held -> ack.addHeld(held.toWire()));
    return Base64.getEncoder().encodeToString(ack.build().toByteArray());
  }

  private record Rows(List<Row> processes, List<Row> sessions) {}

  private Map<String, Report> read() {
    Rows rows =
        store.read(transaction ->
            new Rows(
                transaction.withStatus(PROCESS, HERE),
                List.of(
                        transaction.withStatus(SESSION, LIVE),
                        transaction.withStatus(SESSION, STALE))
                    .stream()
                    .flatMap(List::stream)
                    .toList()));
    beats.keySet().retainAll(rows.processes().stream().map(Row::id).toList());
    rows.processes().forEach(this::see);
    Map<String, Report> reports = new HashMap<>();
    for (Row row : rows.sessions()) {
      if (!row.parent().equals(id) && isUp(row.parent())) {
        report(row).ifPresent(report -> reports.put(row.id(), report));
      }
    }
    return reports;
  }

  private void see(Row process) {
    Beat before = beats.get(process.id());
    if (before == null || before.count() != process.revision()) {
      beats.put(process.id(), new Beat(process.revision(), attention.nanos()));
    } else if (attention.nanos() - before.nanos() > timing.lease().toNanos() * FORGOTTEN_LEASES) {
      forget(process.id());
    }
  }

  private boolean isUp(String process) {
    Beat beat = beats.get(process);
    return beat != null && attention.nanos() - beat.nanos() < timing.silenceMax().toNanos();
  }

  private static Optional<Report> report(Row row) {
    try {
      Ack ack = Ack.parseFrom(Base64.getDecoder().decode(row.body()));
      List<Held> held = ack.getHeldList().stream().map(Held::of).toList();
      Word word = new Word(ack.getEpoch(), ack.getRevision(), held, Set.copyOf(ack.getKeptList()));
      return Optional.of(new Report(true, row.status().equals(LIVE), word));
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      LOG.warn("what another control process wrote of {} cannot be read", row.id(), malformed);
      return Optional.empty();
    }
  }
}
