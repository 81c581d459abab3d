package warmfront.control.api.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * One sort of things that deliveries are made of, in rows alone. Immutable; used within
 * transactions.
 *
 * @param type the type of its rows and in its ARNs
 * @param account twelve digits
 * @param max how many there may be
 */
record Shelf(String type, String account, int max, Clock clock) {
  private static final int PAGE_MAX = 50;

  String arn(String id) {
    return "arn:aws:logs:us-east-1:%s:%s:%s".formatted(account, type, id);
  }

  Optional<Asked> find(Transaction tx, String id) {
    return tx.find(type, id).map(Shelf::kept);
  }

  /** Returns what is kept, or refuses. */
  Asked get(Transaction tx, String id) {
    return find(tx, id)
        .orElseThrow(() ->
            new Refused("ResourceNotFoundException", "There is no %s '%s'.".formatted(noun(), id)));
  }

  /** Returns the id that an ARN ends with, if it is of this sort. */
  Optional<String> idOf(String arn) {
    String id = arn.substring(arn.lastIndexOf(':') + 1);
    return arn.equals(arn(id)) ? Optional.of(id) : Optional.empty();
  }

  /** Keeps something under an id, in the place of what was there. */
  void put(Transaction tx, String id, Map<String, ?> members) {
    Instant now = clock.now();
    Optional<Row> before = tx.find(type, id);
    Instant created = before.map(Row::created).orElse(now);
    Row row = new Row(type, id, "", "", "", created, now, 0, Json.object(members));
    if (before.isPresent()) {
      tx.update(row);
      return;
    }
    if (tx.count(type, "") >= max) {
      throw new Refused(
          "ServiceQuotaExceededException", "There may be %d of %s.".formatted(max, noun()));
    }
    tx.insert(row);
  }

  void remove(Transaction tx, String id) {
    tx.delete(type, id);
    tx.untagAll(arn(id));
  }

  List<Asked> all(Transaction tx) {
    return rows(tx, Optional.empty(), Integer.MAX_VALUE).stream().map(Shelf::kept).toList();
  }

  /**
   * A page of a list.
   *
   * @param ids of what is on it
   * @param next where the next one begins; empty if there is none
   */
  record Page(List<String> ids, Optional<String> next) {
    Page {
      ids = List.copyOf(ids);
    }
  }

  /** Returns the page that is asked for, the newest first. */
  Page page(Transaction tx, Asked asked) {
    int limit = asked.number("limit").orElse(PAGE_MAX);
    if (limit < 1 || limit > PAGE_MAX) {
      throw new Refused(
          "ValidationException", "limit is 1 to %d, not %d.".formatted(PAGE_MAX, limit));
    }
    List<String> found =
        rows(tx, asked.text("nextToken"), limit + 1).stream().map(Row::id).toList();
    return found.size() > limit
        ? new Page(found.subList(0, limit), Optional.of(found.get(limit - 1)))
        : new Page(found, Optional.empty());
  }

  private List<Row> rows(Transaction tx, Optional<String> after, int max) {
    return tx.page(type, "", after, max);
  }

  private static Asked kept(Row row) {
    return Asked.of(row.body().getBytes(StandardCharsets.UTF_8));
  }

  String noun() {
    return type.replace('-', ' ');
  }
}
