package warmfront.link;

import java.util.Optional;
import warmfront.link.wire.Nack;

/**
 * A change that a server does not obey: what was before it goes on being served.
 *
 * @param revision the entry's
 * @param kind what it changes, as the wire names it
 * @param id which one
 * @param reason what was wrong, for the operator
 * @param needsFeature the feature that the server lacks, if that is the reason
 */
public record Held(
    long revision, String kind, String id, String reason, Optional<String> needsFeature) {
  /** Returns this as the wire says it. */
  public Nack toWire() {
    return Nack.newBuilder()
        .setRevision(revision)
        .setKind(kind)
        .setId(id)
        .setReason(reason)
        .setNeedsFeature(needsFeature.orElse(""))
        .build();
  }

  /** Returns what it is and why it is not obeyed, for the operator. */
  public String described() {
    return "revision %d (%s %s): %s".formatted(revision, kind, id, reason);
  }

  /** Returns what the wire says. */
  public static Held of(Nack nack) {
    return new Held(
        nack.getRevision(),
        nack.getKind(),
        nack.getId(),
        nack.getReason(),
        nack.getNeedsFeature().isEmpty() ? Optional.empty() : Optional.of(nack.getNeedsFeature()));
  }
}
