package warmfront.control.publish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.distribution.Server.Role;
import warmfront.time.Clock;

/**
 * Moves changes on as servers obey them: an invalidation to {@code Completed}, a distribution into
 * DNS and to {@code Deployed}, a deleted one out of DNS and off the edges. Confined to one thread.
 */
final class Rollout {
  private static final String IN_PROGRESS = "InProgress";

  private final Store store;
  private final Members members;
  private final Clock clock;
  private final Timing timing;

  Rollout(Store store, Members members, Clock clock, Timing timing) {
    this.store = store;
    this.members = members;
    this.clock = clock;
    this.timing = timing;
  }

  private record Pending(Row row, OptionalLong publication) {}

  /** Moves on what can be moved; returns whether something is still under way. */
  boolean advance() {
    long epoch = store.head().epoch();
    List<Pending> pending = store.read(Rollout::pending);
    for (Pending one : pending) {
      advance(one, epoch);
    }
    return !pending.isEmpty();
  }

  private static List<Pending> pending(Transaction transaction) {
    List<Pending> all = new ArrayList<>();
    for (Row row : transaction.withStatus("invalidation", IN_PROGRESS)) {
      all.add(new Pending(row, OptionalLong.empty()));
    }
    for (Row row : transaction.withStatus("distribution", IN_PROGRESS)) {
      all.add(new Pending(row, transaction.latestRevision(Kind.PUBLICATION, row.id())));
    }
    for (String status : List.of(Withdrawal.LEAVING, Withdrawal.FADING)) {
      for (Row row : transaction.withStatus(Withdrawal.TYPE, status)) {
        all.add(new Pending(row, OptionalLong.empty()));
      }
    }
    return all;
  }

  private void advance(Pending pending, long epoch) {
    Row row = pending.row();
    switch (row.type()) {
      case "invalidation" -> {
        if (members.obey(Role.EDGE, epoch, row.revision())) {
          settle(row, "Completed");
        }
      }
      case "distribution" -> advanceDistribution(row, pending.publication(), epoch);
      case Withdrawal.TYPE -> advanceWithdrawal(row, epoch);
      default -> throw new IllegalStateException("no change of this type: " + row.type());
    }
  }

  private void advanceDistribution(Row row, OptionalLong publication, long epoch) {
    if (!members.obey(Role.EDGE, epoch, row.revision())) {
      return;
    }
    if (publication.isEmpty()) {
      store.write(transaction -> {
        if (isCurrent(transaction, row)) {
          transaction.append(
              Kind.PUBLICATION, row.id(), Optional.of(new Publication(row.id())), Set.of());
        }
        return true;
      });
      return;
    }
    if (dnsObeys(epoch, row.revision()) && dnsObeys(epoch, publication.getAsLong())) {
      settle(row, "Deployed");
    }
  }

  private void advanceWithdrawal(Row row, long epoch) {
    Instant now = clock.now();
    if (row.status().equals(Withdrawal.LEAVING)) {
      if (dnsObeys(epoch, row.revision())) {
        store.write(transaction -> {
          transaction.update(faded(row, now));
          return true;
        });
      }
    } else if (!now.isBefore(row.modified().plus(timing.ttl()))) {
      store.write(transaction -> {
        transaction.append(Kind.DISTRIBUTION, row.id(), Optional.empty(), Set.of());
        transaction.delete(Withdrawal.TYPE, row.id());
        return true;
      });
    }
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

  private boolean dnsObeys(long epoch, long revision) {
    return !members.hasAny(Role.ROUTING) || members.obey(Role.ROUTING, epoch, revision);
  }

  private void settle(Row row, String status) {
    store.write(transaction -> {
      if (isCurrent(transaction, row)) {
        transaction.update(transaction.find(row.type(), row.id()).orElseThrow().withStatus(status));
      }
      return true;
    });
  }

  /** Whether nobody changed the row since it was read: then it is another change's turn. */
  private static boolean isCurrent(Transaction transaction, Row row) {
    return transaction
        .find(row.type(), row.id())
        .filter(now -> now.revision() == row.revision() && now.status().equals(row.status()))
        .isPresent();
  }
}
