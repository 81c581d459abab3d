package warmfront.control.publish;

import java.time.Instant;
import java.util.Optional;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;

/**
 * Deleting a distribution: publishing in reverse. Its names leave DNS at once; edges go on serving
 * it until every DNS server has obeyed and the last answer has expired. The rest of the way is a
 * row in the store, so a restart of control does not lose it.
 */
public final class Withdrawal {
  /** The type of the rows that remember withdrawals under way. */
  static final String TYPE = "withdrawal";

  /** DNS servers may still give the names out. */
  static final String LEAVING = "LeavingDns";

  /** Resolvers may still know the names. */
  static final String FADING = "Fading";

  private Withdrawal() {}

  /**
   * Begins to withdraw a distribution, in the transaction that deletes its row.
   *
   * @param now when
   * @return the revision of the first step
   */
  public static long begin(Transaction transaction, String distributionId, Instant now) {
    long revision = transaction.append(Kind.PUBLICATION, distributionId, Optional.empty());
    transaction.insert(new Row(TYPE, distributionId, "", LEAVING, "", now, now, revision, ""));
    return revision;
  }
}
