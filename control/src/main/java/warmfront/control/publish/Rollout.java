package warmfront.control.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.Server.Role;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Tenant;
import warmfront.time.Clock;

/**
 * Moves changes on as servers obey them: an invalidation to {@code Completed}, a distribution into
 * DNS and to {@code Deployed}, a deleted one out of DNS and off the edges. Confined to one thread.
 */
final class Rollout {
  private static final String IN_PROGRESS = "InProgress";

  /** What is published to DNS servers when edges have it, by the type of its rows. */
  private static final Map<String, Kind> DISTRIBUTIONS =
      Map.of(
          "distribution", Kind.DISTRIBUTION,
          "streaming-distribution", Kind.STREAMING_DISTRIBUTION,
          "distribution-tenant", Kind.TENANT,
          "connection-group", Kind.CONNECTION_GROUP);

  /** Servers also move by falling silent, so what is under way is looked at again. */
  static final int LOOKS_PER_POLL = 4;

  /** A change that finds the last look at what has become too much so old looks again. */
  private static final Duration COMPACTED_EVERY = Duration.ofMinutes(1);

  private final Store store;
  private final Members members;
  private final Clock clock;
  private final Timing timing;
  private final Compaction compaction;
  private long compactedNanos;
  private long lookedNanos;
  private Members.Reach reach = Members.Reach.NOWHERE;

  Rollout(Store store, Members members, Clock clock, Timing timing) {
    this.store = store;
    this.members = members;
    this.clock = clock;
    this.timing = timing;
    this.compaction = new Compaction(store, Compaction.Limits.STANDARD);
    this.compactedNanos = clock.nanos();
    this.lookedNanos = clock.nanos() - timing.poll().toNanos();
  }

  /**
   * A change under way.
   *
   * @param row what is under way
   * @param obeyed what edges obey
   * @param wanted what DNS servers are to know of it
   * @param said what they were told last
   * @param saidAt the revision that told them
   */
  private record Pending(
      Row row,
      Optional<Resource> obeyed,
      Optional<Resource> wanted,
      Optional<Resource> said,
      OptionalLong saidAt) {
    static Pending of(Row row) {
      return new Pending(
          row, Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    static Pending distribution(Transaction transaction, Row row, Kind kind) {
      Optional<Resource> obeyed = transaction.latest(kind, row.id());
      return new Pending(
          row,
          obeyed,
          obeyed.flatMap(now -> publication(transaction, now)),
          transaction.latest(Kind.PUBLICATION, row.id()),
          transaction.latestRevision(Kind.PUBLICATION, row.id()));
    }
  }

  /** What has no names of its own in the zone is not told of. */
  private static Optional<Publication> publication(Transaction transaction, Resource obeyed) {
    return switch (obeyed) {
      case StreamingDistribution streaming -> Optional.of(Publication.of(streaming));
      case Distribution web when web.entrance().tenancy().isPresent() -> Optional.empty();
      case Distribution web -> Optional.of(Publication.of(web));
      case ConnectionGroup group -> Optional.of(Publication.of(group));
      case Tenant tenant ->
          transaction
              .latest(Kind.CONNECTION_GROUP, tenant.connectionGroupId())
              .flatMap(group -> Publication.of(tenant, (ConnectionGroup) group));
      default -> throw new IllegalStateException("nothing that has names: " + obeyed.kind());
    };
  }

  /**
   * Moves on what can be moved, in one transaction. While servers come no further, and the log does
   * not, this looks into the store only when it is due again.
   *
   * @return whether something may still be under way
   */
  boolean advance() {
    Members.Reach now = members.reach();
    boolean due = clock.nanos() - lookedNanos >= timing.poll().toNanos() / LOOKS_PER_POLL;
    if (!due && now.equals(reach)) {
      return true;
    }
    reach = now;
    lookedNanos = clock.nanos();
    List<Pending> pending = store.read(transaction -> pending(transaction, now.edges()));
    List<Consumer<Transaction>> steps =
        pending.stream().flatMap(one -> step(one, now.head().epoch()).stream()).toList();
    if (!steps.isEmpty()) {
      store.write(transaction -> {
        steps.forEach(step -> step.accept(transaction));
        return true;
      });
    }
    if (clock.nanos() - compactedNanos >= COMPACTED_EVERY.toNanos()) {
      compactedNanos = clock.nanos();
      compaction.run();
    }
    // What edges have not reached yet is not looked at, so it may be there.
    return !pending.isEmpty() || now.edges() < now.head().revision();
  }

  /** Returns what edges have reached, and what is on its way out. */
  private static List<Pending> pending(Transaction transaction, long reached) {
    List<Pending> all = new ArrayList<>();
    for (Row row : transaction.withStatus("invalidation", IN_PROGRESS, reached)) {
      all.add(Pending.of(row));
    }
    for (Map.Entry<String, Kind> type : DISTRIBUTIONS.entrySet()) {
      for (Row row : transaction.withStatus(type.getKey(), IN_PROGRESS, reached)) {
        all.add(Pending.distribution(transaction, row, type.getValue()));
      }
    }
    for (String status : List.of(Withdrawal.LEAVING, Withdrawal.FADING)) {
      for (Row row : transaction.withStatus(Withdrawal.TYPE, status)) {
        all.add(Pending.of(row));
      }
    }
    return all;
  }

  /** Returns the next step, if it can be taken now. */
  private Optional<Consumer<Transaction>> step(Pending pending, long epoch) {
    Row row = pending.row();
    Optional<Consumer<Transaction>> step =
        switch (row.type()) {
          case "invalidation" ->
              members.obey(Role.EDGE, epoch, row.revision())
                  ? Optional.of(settled(row, "Completed"))
                  : Optional.empty();
          case Withdrawal.TYPE -> withdrawn(row, epoch);
          default -> published(pending, epoch);
        };
    // Nobody may have changed the row since it was read: then it is another change's turn.
    return step.map(taken ->
        transaction -> {
          if (isCurrent(transaction, row)) {
            taken.accept(transaction);
          }
        });
  }

  private Optional<Consumer<Transaction>> published(Pending pending, long epoch) {
    Row row = pending.row();
    if (pending.obeyed().isEmpty() || !members.obey(Role.EDGE, epoch, row.revision())) {
      return Optional.empty();
    }
    if (!pending.said().equals(pending.wanted())) {
      return Optional.of(transaction -> {
        // Another control process may have said it meanwhile, or something else is to be said.
        Kind kind = Objects.requireNonNull(DISTRIBUTIONS.get(row.type()));
        Pending now = Pending.distribution(transaction, row, kind);
        if (!now.said().equals(now.wanted())) {
          transaction.append(Kind.PUBLICATION, row.id(), now.wanted());
        }
      });
    }
    boolean obeyed =
        pending.wanted().isEmpty() || members.answer(epoch, pending.saidAt().orElseThrow());
    return obeyed ? Optional.of(settled(row, "Deployed")) : Optional.empty();
  }

  private Optional<Consumer<Transaction>> withdrawn(Row row, long epoch) {
    Instant now = clock.now();
    if (row.status().equals(Withdrawal.LEAVING)) {
      return members.answer(epoch, row.revision())
          ? Optional.of(transaction -> transaction.update(faded(row, now)))
          : Optional.empty();
    }
    return now.isBefore(row.modified().plus(timing.ttl()))
        ? Optional.empty()
        : Optional.of(transaction -> {
          for (Kind kind : List.of(Kind.DISTRIBUTION, Kind.STREAMING_DISTRIBUTION)) {
            if (transaction.latest(kind, row.id()).isPresent()) {
              transaction.append(kind, row.id(), Optional.empty());
            }
          }
          transaction.delete(Withdrawal.TYPE, row.id());
        });
  }

  private static Row faded(Row row, Instant now) {
    return new Row(
        row.type(),
        row.id(),
        row.parent(),
        Withdrawal.FADING,
        row.etag(),
        row.created(),
        now,
        row.revision(),
        row.body());
  }

  private static Consumer<Transaction> settled(Row row, String status) {
    // As it is now: what edges do not obey may have changed.
    return transaction ->
        transaction.update(transaction.find(row.type(), row.id()).orElseThrow().withStatus(status));
  }

  /** Whether nobody changed what is under way since the row was read. */
  private static boolean isCurrent(Transaction transaction, Row row) {
    return transaction
        .find(row.type(), row.id())
        .filter(now -> now.revision() == row.revision() && now.status().equals(row.status()))
        .isPresent();
  }
}
