package warmfront.control.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * The marks of requests that may come only once, within one transaction. Confined to the
 * transaction's thread.
 */
public final class MarkTable {
  private final Handle handle;

  MarkTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * Remembers a mark; those whose time is over are forgotten.
   *
   * @param until how long it has to be remembered
   * @return whether it was not there yet
   */
  public boolean add(String mark, Instant now, Instant until) {
    handle.execute("delete from mark where until < ?", now.toEpochMilli());
    boolean known =
        handle.select("select count(*) from mark where name = ?", mark).mapTo(Long.class).one() > 0;
    if (!known) {
      handle.execute("insert into mark (name, until) values (?, ?)", mark, until.toEpochMilli());
    }
    return !known;
  }
}
