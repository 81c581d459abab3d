package warmfront.link;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.link.wire.Kept;
import warmfront.link.wire.KeptHead;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;
import warmfront.snapshot.wire.SnapshotChunk;

/**
 * What comes over the stream, until a transaction or a picture is complete: then it goes to the
 * disk and to the subscriber, in this order. Confined to one thread.
 */
final class Inbox {
  /** Control says something that does not follow what we have; never leaves this package. */
  static final class NotOurLog extends Exception {
    private static final long serialVersionUID = 1;

    NotOurLog(String message) {
      super(message);
    }
  }

  /** Most bytes of a picture or transaction that is not complete yet. */
  private static final long PENDING_BYTES_MAX = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final StateDirectory disk;
  private final Pictures pictures;
  private final List<LogEntry> transaction = new ArrayList<>();
  private final List<LogEntry> whole = new ArrayList<>();
  private Chain chain = Chain.EMPTY;
  private long pendingBytes;

  Inbox(StateDirectory disk, Pictures pictures) {
    this.disk = disk;
    this.pictures = pictures;
  }

  Snapshot picture() {
    return pictures.picture();
  }

  List<Held> held() {
    return pictures.held();
  }

  /** Gives the subscriber what the disk has. */
  void load() throws IOException {
    StateDirectory.Loaded loaded = disk.load();
    Set<String> heldKeys = new HashSet<>();
    List<LogEntry> entries = new ArrayList<>();
    List<LogEntry> fallback = new ArrayList<>();
    for (Kept kept : loaded.picture()) {
      if (kept.getHeld()) {
        heldKeys.add(key(kept.getEntry()));
        entries.add(kept.getEntry());
      }
    }
    for (Kept kept : loaded.picture()) {
      if (!kept.getHeld()) {
        (heldKeys.contains(key(kept.getEntry())) ? fallback : entries).add(kept.getEntry());
      }
    }
    KeptHead head = loaded.head();
    if (head.getRevision() > 0) {
      pictures.takeWhole(
          head.getEpoch(),
          head.getRevision(),
          SnapshotCodec.chain(head.getChain()),
          entries,
          fallback);
    }
    if (!loaded.after().isEmpty()) {
      pictures.take(loaded.after());
    }
    reset();
  }

  /** Forgets what is not complete: the stream it came over is gone. */
  void reset() {
    transaction.clear();
    whole.clear();
    pendingBytes = 0;
    chain = pictures.picture().chain();
  }

  /** Takes an entry; returns whether the picture moved. */
  boolean entry(LogEntry entry) throws NotOurLog, IOException {
    Snapshot picture = pictures.picture();
    long expected = picture.revision() + transaction.size() + 1;
    Chain after = SnapshotCodec.chain(chain, entry);
    if (entry.getEpoch() != picture.epoch()
        || entry.getRevision() != expected
        || !SnapshotCodec.bytes(after).equals(entry.getChain())) {
      throw new NotOurLog(
          "entry %d of epoch %d does not follow revision %d of epoch %d"
              .formatted(entry.getRevision(), entry.getEpoch(), expected - 1, picture.epoch()));
    }
    account(entry.getSerializedSize());
    transaction.add(entry);
    chain = after;
    if (!entry.getLast()) {
      return false;
    }
    disk.append(transaction);
    pictures.take(List.copyOf(transaction));
    reset();
    return true;
  }

  /** Takes a part of a whole picture; returns whether the picture moved. */
  boolean chunk(SnapshotChunk chunk) throws NotOurLog, IOException {
    Snapshot picture = pictures.picture();
    if (chunk.getEpoch() < picture.epoch()
        || (chunk.getEpoch() == picture.epoch() && chunk.getRevision() < picture.revision())) {
      // An older log, as after a restored backup: obeying it would undo what viewers rely on.
      throw new NotOurLog(
          "control has revision %d of epoch %d, before ours (%d of %d): raise its epoch"
              .formatted(
                  chunk.getRevision(), chunk.getEpoch(), picture.revision(), picture.epoch()));
    }
    account(chunk.getSerializedSize());
    whole.addAll(chunk.getEntriesList());
    if (!chunk.getLast()) {
      return false;
    }
    Chain at = chainOf(chunk);
    pictures.takeWhole(chunk.getEpoch(), chunk.getRevision(), at, List.copyOf(whole), List.of());
    reset();
    compact();
    LOG.info("took the whole picture at revision {}", chunk.getRevision());
    return true;
  }

  /** Writes the picture as one file in the place of picture and log. */
  void compact() throws IOException {
    Snapshot picture = pictures.picture();
    KeptHead head =
        KeptHead.newBuilder()
            .setEpoch(picture.epoch())
            .setRevision(picture.revision())
            .setChain(SnapshotCodec.bytes(picture.chain()))
            .build();
    disk.replace(head, pictures.obeyedEntries(), pictures.heldEntries());
  }

  private void account(int bytes) throws NotOurLog {
    pendingBytes += bytes;
    if (pendingBytes > PENDING_BYTES_MAX) {
      throw new NotOurLog("more than %d bytes without an end".formatted(PENDING_BYTES_MAX));
    }
  }

  private static Chain chainOf(SnapshotChunk chunk) throws NotOurLog {
    try {
      return SnapshotCodec.chain(chunk.getChain());
    } catch (IllegalArgumentException malformed) {
      throw new NotOurLog("a picture without a chain: " + malformed.getMessage());
    }
  }

  private static String key(LogEntry entry) {
    return entry.getKind() + "/" + entry.getId();
  }
}
