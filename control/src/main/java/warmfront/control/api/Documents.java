package warmfront.control.api;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.control.store.Row;

/**
 * What rows that were read lately say, so that a document is read once and not at each call. A row
 * that says something else than before is read again, whoever changed it. Thread-safe.
 *
 * @param <R> what documents are read into; immutable
 */
final class Documents<R> {
  /** Of all documents that are kept, together; those of 500 distributions are a third of it. */
  static final long CHARACTERS_MAX = 4L << 20;

  private record Read<R>(String body, R value) {}

  private final Function<Row, R> reading;
  private final long charactersMax;
  private final LinkedHashMap<String, Read<R>> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long characters;

  /** Keeps up to so many characters of what {@code reading} reads. */
  Documents(Function<Row, R> reading, long charactersMax) {
    this.reading = reading;
    this.charactersMax = charactersMax;
  }

  /** Returns what a row says. */
  R of(Row row) {
    @Nullable Read<R> known = known(row.id());
    if (known != null && known.body().equals(row.body())) {
      return known.value();
    }
    R value = reading.apply(row);
    keep(row.id(), new Read<>(row.body(), value));
    return value;
  }

  private synchronized @Nullable Read<R> known(String id) {
    return kept.get(id);
  }

  private synchronized void keep(String id, Read<R> read) {
    @Nullable Read<R> before = kept.put(id, read);
    characters += read.body().length() - (before == null ? 0 : before.body().length());
    Iterator<Read<R>> eldest = kept.values().iterator();
    while (characters > charactersMax) {
      characters -= eldest.next().body().length();
      eldest.remove();
    }
  }
}
