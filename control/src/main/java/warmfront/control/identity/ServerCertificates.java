package warmfront.control.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;

/**
 * The certificates that a server's word is taken for: the one issued last, and the one before it,
 * because the answer that carried the last may have been lost.
 */
public final class ServerCertificates {
  private static final String TYPE = "server-certificate";

  private ServerCertificates() {}

  /** Takes a new certificate, by its fingerprint; on enrolment earlier ones end. */
  public static void take(
      Transaction transaction, String serverId, String fingerprint, boolean renewed, Instant now) {
    Optional<Row> before = transaction.find(TYPE, serverId);
    String last = renewed ? before.map(Row::etag).orElse("") : "";
    Row row = new Row(TYPE, serverId, "", "", fingerprint, now, now, 0, last);
    if (before.isPresent()) {
      transaction.update(row);
    } else {
      transaction.insert(row);
    }
  }

  /** Returns whether a server's word is taken for a certificate of this fingerprint. */
  public static boolean isTaken(Transaction transaction, String serverId, String fingerprint) {
    return transaction
        .find(TYPE, serverId)
        .filter(row -> List.of(row.etag(), row.body()).contains(fingerprint))
        .isPresent();
  }

  /** Takes the server's word for none any more. */
  static void forget(Transaction transaction, String serverId) {
    if (transaction.find(TYPE, serverId).isPresent()) {
      transaction.delete(TYPE, serverId);
    }
  }
}
