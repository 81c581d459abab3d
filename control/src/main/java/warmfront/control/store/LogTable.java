package warmfront.control.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Decoded;
import warmfront.snapshot.Seal;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;

/**
 * The log within one transaction. Appended entries wait for {@link #flush}, because the last of
 * them is marked so. Confined to the transaction's thread.
 */
final class LogTable {
  private static final String COLUMNS = "l.kind, l.id, l.sealed, l.entry, l.secret";

  private final Handle handle;
  private final Seal seal;
  private final List<SnapshotCodec.Draft> pending = new ArrayList<>();
  private @Nullable LogHead known;

  LogTable(Handle handle, Seal seal) {
    this.handle = handle;
    this.seal = seal;
  }

  /** Waits until no other transaction writes, here or in another process. */
  void lock() {
    handle.execute("update head set one = 1 where one = 1");
  }

  /** Returns where the log ends, without what is pending. */
  LogHead head() {
    LogHead head = known;
    if (head == null) {
      head =
          handle
              .select("select epoch, revision, chain from head")
              .map((row, _) ->
                  new LogHead(
                      row.getLong("epoch"),
                      row.getLong("revision"),
                      new Chain(row.getString("chain"))))
              .one();
      known = head;
    }
    return head;
  }

  /** Returns the revision of the last entry, pending ones included. */
  long revision() {
    return head().revision() + pending.size();
  }

  long append(Kind kind, String id, Optional<Resource> value) {
    LogHead head = head();
    long revision = revision() + 1;
    value.ifPresent(resource -> {
      if (resource.kind() != kind || !resource.id().equals(id)) {
        throw new IllegalArgumentException("%s %s has another's value".formatted(kind, id));
      }
    });
    Set<String> needed =
        value.map(Resource::features).orElse(Set.of()).stream()
            .map(Feature::name)
            .collect(Collectors.toUnmodifiableSet());
    pending.add(new SnapshotCodec.Draft(head.epoch(), revision, kind, id, needed, value, false));
    return revision;
  }

  /** Writes what is pending; returns whether there was any. */
  boolean flush() {
    if (pending.isEmpty()) {
      return false;
    }
    LogHead head = head();
    Chain chain = head.chain();
    for (int i = 0; i < pending.size(); i++) {
      SnapshotCodec.Draft draft = pending.get(i).asLast(i == pending.size() - 1);
      ByteString salt = draft.kind().secret() ? ByteString.copyFrom(seal.salt()) : ByteString.EMPTY;
      LogEntry entry = SnapshotCodec.encode(draft, salt, chain);
      chain = SnapshotCodec.chain(entry.getChain());
      store(entry, draft.kind());
    }
    handle.execute("update head set revision = ?, chain = ?", revision(), chain.hex());
    pending.clear();
    known = null;
    return true;
  }

  List<LogEntry> after(long revision, int max) {
    return handle
        .select(
            "select "
                + COLUMNS
                + " from log_entry l where l.revision > ? order by l.revision"
                + " limit ?",
            revision,
            max)
        .map(this::entry)
        .list();
  }

  List<LogEntry> picture() {
    return handle
        .select(
            "select "
                + COLUMNS
                + " from latest t join log_entry l on l.revision = t.revision"
                + " order by l.revision")
        .map(this::entry)
        .list();
  }

  Optional<Resource> latest(Kind kind, String id) {
    for (SnapshotCodec.Draft draft : pending.reversed()) {
      if (draft.kind() == kind && draft.id().equals(id)) {
        return draft.value();
      }
    }
    return handle
        .select(
            "select "
                + COLUMNS
                + " from latest t join log_entry l on l.revision = t.revision"
                + " where t.kind = ? and t.id = ?",
            kind.name(),
            id)
        .map(this::entry)
        .findOne()
        .map(LogTable::value);
  }

  List<Resource> latest(Kind kind) {
    TreeMap<String, Resource> all = new TreeMap<>();
    versioned(kind).forEach(one -> all.put(one.resource().id(), one.resource()));
    for (SnapshotCodec.Draft draft : pending) {
      if (draft.kind() == kind) {
        draft
            .value()
            .ifPresentOrElse(now -> all.put(draft.id(), now), () -> all.remove(draft.id()));
      }
    }
    return List.copyOf(all.values());
  }

  /** Returns what the kind has without what is pending. */
  List<Snapshot.Versioned> versioned(Kind kind) {
    return handle
        .select(
            "select "
                + COLUMNS
                + " from latest t join log_entry l on l.revision = t.revision"
                + " where t.kind = ? order by l.revision",
            kind.name())
        .map(this::entry)
        .map(entry -> new Snapshot.Versioned(value(entry), entry.getRevision()))
        .list();
  }

  /** Removes entries up to a revision, but for the last of each resource that is there. */
  int prune(long upTo) {
    lock();
    return handle.execute(
        "delete from log_entry where revision <= ? and not exists"
            + " (select 1 from latest t where t.revision = log_entry.revision)",
        upTo);
  }

  OptionalLong latestRevision(Kind kind, String id) {
    for (SnapshotCodec.Draft draft : pending.reversed()) {
      if (draft.kind() == kind && draft.id().equals(id)) {
        return draft.value().isPresent() ? OptionalLong.of(draft.revision()) : OptionalLong.empty();
      }
    }
    return handle
        .select("select revision from latest where kind = ? and id = ?", kind.name(), id)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  long raiseEpoch() {
    lock();
    handle.execute("update head set epoch = epoch + 1");
    known = null;
    return head().epoch();
  }

  private void store(LogEntry entry, Kind kind) {
    boolean sealed = kind.secret() && entry.hasValue();
    LogEntry kept = sealed ? SnapshotCodec.withheld(entry) : entry;
    byte @Nullable [] secret =
        sealed ? seal.seal(SnapshotCodec.secret(entry), context(entry)) : null;
    handle
        .createUpdate(
            "insert into log_entry (revision, epoch, kind, id, sealed, entry, secret)"
                + " values (:revision, :epoch, :kind, :id, :sealed, :entry, :secret)")
        .bind("revision", entry.getRevision())
        .bind("epoch", entry.getEpoch())
        .bind("kind", entry.getKind())
        .bind("id", entry.getId())
        .bind("sealed", sealed ? 1 : 0)
        .bind("entry", kept.toByteArray())
        .bind("secret", secret)
        .execute();
    handle.execute("delete from latest where kind = ? and id = ?", entry.getKind(), entry.getId());
    if (!entry.getDeleted()) {
      handle.execute(
          "insert into latest (kind, id, revision) values (?, ?, ?)",
          entry.getKind(),
          entry.getId(),
          entry.getRevision());
    }
  }

  private LogEntry entry(ResultSet row, StatementContext context) throws SQLException {
    try {
      LogEntry entry = LogEntry.parseFrom(row.getBytes("entry"));
      if (row.getInt("sealed") == 0) {
        return entry;
      }
      byte[] secret =
          seal.open(row.getBytes("secret"), context(entry))
              .orElseThrow(() ->
                  new IllegalStateException(
                      "the key of this store does not open %s %s"
                          .formatted(entry.getKind(), entry.getId())));
      return SnapshotCodec.whole(entry, secret);
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException("the log is broken at " + row.getString("id"), broken);
    }
  }

  private static String context(LogEntry entry) {
    return entry.getKind() + "/" + entry.getId() + "/" + entry.getRevision();
  }

  private static Resource value(LogEntry entry) {
    SnapshotCodec all = new SnapshotCodec(Set.copyOf(entry.getFeaturesList()));
    return switch (all.decode(entry)) {
      case Decoded.Understood(var understood) -> understood.value().orElseThrow();
      case Decoded.NeedsFeature(long revision, String feature) ->
          throw new IllegalStateException(
              "a newer version wrote revision %d: %s".formatted(revision, feature));
      case Decoded.Malformed(long revision, String reason) ->
          throw new IllegalStateException(
              "the log is broken at revision %d: %s".formatted(revision, reason));
    };
  }
}
