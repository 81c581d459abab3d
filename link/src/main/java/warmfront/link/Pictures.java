package warmfront.link;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Decoded;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.Subscriber;
import warmfront.snapshot.Subscriber.Verdict;
import warmfront.snapshot.wire.LogEntry;

/**
 * The picture that the subscriber obeys, and the changes that it does not. A change that is not
 * understood or not obeyed is held: the resource stays as it was, everything else moves on, and
 * control is told. Confined to one thread.
 */
final class Pictures {
  private record Key(String kind, String id) {
    static Key of(LogEntry entry) {
      return new Key(entry.getKind(), entry.getId());
    }
  }

  private record Candidate(LogEntry wire, Optional<Entry> entry) {}

  private final Subscriber subscriber;
  private final SnapshotCodec codec;
  private final Map<Key, LogEntry> obeyed = new LinkedHashMap<>();
  private final Map<Key, LogEntry> heldEntries = new LinkedHashMap<>();
  private final Map<Key, Held> held = new LinkedHashMap<>();
  private Snapshot picture = Snapshot.empty();

  Pictures(Subscriber subscriber, SnapshotCodec codec) {
    this.subscriber = subscriber;
    this.codec = codec;
  }

  Snapshot picture() {
    return picture;
  }

  List<Held> held() {
    return List.copyOf(held.values());
  }

  Collection<LogEntry> obeyedEntries() {
    return List.copyOf(obeyed.values());
  }

  Collection<LogEntry> heldEntries() {
    return List.copyOf(heldEntries.values());
  }

  /** Takes the entries of complete transactions, which follow the picture. */
  void take(List<LogEntry> entries) {
    Map<Long, Held> refused = new LinkedHashMap<>();
    List<Candidate> candidates = decode(entries, refused);
    while (true) {
      Snapshot next = picture;
      List<Entry> changes = new ArrayList<>();
      for (Candidate candidate : candidates) {
        LogEntry wire = candidate.wire();
        if (refused.containsKey(wire.getRevision()) || candidate.entry().isEmpty()) {
          next = next.past(wire.getRevision(), SnapshotCodec.chain(wire.getChain()));
        } else {
          next = next.after(candidate.entry().get());
          changes.add(candidate.entry().get());
        }
      }
      if (changes.isEmpty() || accepted(subscriber.take(next, changes), candidates, refused)) {
        picture = next;
        keep(candidates, refused);
        return;
      }
    }
  }

  /**
   * Takes a whole picture in the place of what is there. A resource that is not obeyed stays as it
   * was before, or {@code fallback} has it, or it is not there.
   */
  void takeWhole(
      long epoch, long revision, Chain chain, List<LogEntry> entries, List<LogEntry> fallback) {
    Map<Key, LogEntry> before = new LinkedHashMap<>(obeyed);
    fallback.forEach(entry -> before.put(Key.of(entry), entry));
    Map<Long, Held> refused = new LinkedHashMap<>();
    List<Candidate> candidates = decode(entries, refused);
    while (true) {
      List<LogEntry> shown = new ArrayList<>();
      for (Candidate candidate : candidates) {
        LogEntry wire = candidate.wire();
        if (!refused.containsKey(wire.getRevision())) {
          shown.add(wire);
        } else if (before.containsKey(Key.of(wire))) {
          shown.add(before.get(Key.of(wire)));
        }
      }
      Snapshot next = Snapshot.of(epoch, revision, chain, versioned(shown));
      if (accepted(subscriber.take(next, List.of()), candidates, refused)) {
        picture = next;
        obeyed.clear();
        held.clear();
        heldEntries.clear();
        shown.forEach(entry -> obeyed.put(Key.of(entry), entry));
        candidates.forEach(candidate -> hold(candidate.wire(), refused));
        return;
      }
    }
  }

  private List<Candidate> decode(List<LogEntry> entries, Map<Long, Held> refused) {
    List<Candidate> candidates = new ArrayList<>();
    for (LogEntry entry : entries) {
      switch (codec.decode(entry)) {
        case Decoded.Understood(Entry understood) ->
            candidates.add(new Candidate(entry, Optional.of(understood)));
        case Decoded.NeedsFeature(_, String feature) -> {
          candidates.add(new Candidate(entry, Optional.empty()));
          refused.put(entry.getRevision(), lacking(entry, feature));
        }
        case Decoded.Malformed(_, String reason) -> {
          candidates.add(new Candidate(entry, Optional.empty()));
          refused.put(entry.getRevision(), refusal(entry, reason));
        }
      }
    }
    return candidates;
  }

  private List<Snapshot.Versioned> versioned(List<LogEntry> entries) {
    List<Snapshot.Versioned> all = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (codec.decode(entry) instanceof Decoded.Understood(Entry understood)) {
        understood
            .value()
            .ifPresent(value -> all.add(new Snapshot.Versioned(value, entry.getRevision())));
      }
    }
    return all;
  }

  /** Returns whether it is served; else at least one more candidate is refused than before. */
  private static boolean accepted(
      Verdict verdict, List<Candidate> candidates, Map<Long, Held> refused) {
    return switch (verdict) {
      case Verdict.Applied _ -> true;
      case Verdict.Rejected(long revision, String reason) -> {
        refuse(revision, candidates, refused, entry -> refusal(entry, reason));
        yield false;
      }
      case Verdict.NeedsFeature(long revision, String feature) -> {
        refuse(revision, candidates, refused, entry -> lacking(entry, feature));
        yield false;
      }
    };
  }

  private interface Refusal {
    Held of(LogEntry entry);
  }

  private static void refuse(
      long revision, List<Candidate> candidates, Map<Long, Held> refused, Refusal refusal) {
    int before = refused.size();
    for (Candidate candidate : candidates) {
      if (candidate.wire().getRevision() == revision) {
        refused.putIfAbsent(revision, refusal.of(candidate.wire()));
      }
    }
    if (refused.size() > before) {
      return;
    }
    // It blames an entry that it did not get, or the same one again: all that is left is refused.
    candidates.forEach(candidate ->
        refused.putIfAbsent(candidate.wire().getRevision(), refusal.of(candidate.wire())));
    if (refused.size() == before) {
      throw new IllegalStateException("the subscriber refuses a picture without any change");
    }
  }

  private void keep(List<Candidate> candidates, Map<Long, Held> refused) {
    for (Candidate candidate : candidates) {
      LogEntry wire = candidate.wire();
      held.remove(Key.of(wire));
      heldEntries.remove(Key.of(wire));
      if (refused.containsKey(wire.getRevision())) {
        hold(wire, refused);
      } else if (wire.getDeleted()) {
        obeyed.remove(Key.of(wire));
      } else {
        obeyed.put(Key.of(wire), wire);
      }
    }
  }

  private void hold(LogEntry wire, Map<Long, Held> refused) {
    Held refusal = refused.get(wire.getRevision());
    if (refusal != null) {
      held.put(Key.of(wire), refusal);
      heldEntries.put(Key.of(wire), wire);
    }
  }

  private static Held refusal(LogEntry entry, String reason) {
    return new Held(entry.getRevision(), entry.getKind(), entry.getId(), reason, Optional.empty());
  }

  private static Held lacking(LogEntry entry, String feature) {
    return new Held(
        entry.getRevision(),
        entry.getKind(),
        entry.getId(),
        "this version does not know: " + feature,
        Optional.of(feature));
  }
}
