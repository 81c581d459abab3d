package warmfront.edge.cache;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.http.Fields;
import warmfront.http.HttpDate;

/** Makes long objects: of answers, and of heads that were found on disk. */
final class Longs {
  private final Ground ground;
  private final DiskTier disks;

  Longs(Ground ground, DiskTier disks) {
    this.ground = ground;
    this.disks = disks;
  }

  /**
   * Returns whether an answer is not too long to keep. One that fits neither memory nor a disk is
   * kept in parts if the origin can be asked for the others.
   */
  boolean canKeep(CacheKey key, Fetched.Answered answer) {
    CacheLimits limits = ground.limits();
    return answer.bodyLength() <= limits.keptBytesMax()
        || (answer.bodyLength() <= limits.objectBytesMax()
            && (!validator(answer.fields()).isEmpty() || disks.takesLong(key)));
  }

  /** Begins a long object that the origin sends. */
  LongArrival arrival(CacheKey key, Label label, Fetched.Answered answer) {
    ObjectHead head =
        new ObjectHead(key, label, ground.time().nextGeneration(), answer.bodyLength());
    return new LongArrival(make(head, false), ground, disks);
  }

  private Resident make(ObjectHead head, boolean admitted) {
    Sliced content =
        new Sliced(new Sliced.Make(head, validator(head.label().fields()), ground, disks));
    if (admitted) {
      content.admit();
    }
    return new Resident(head.key(), head.label(), content, ground.time());
  }

  /** Makes a long object of its head; null if a part of it is lost for good. */
  @Nullable Resident found(ObjectHead head) {
    if (validator(head.label().fields()).isEmpty() && !disks.hasAll(head)) {
      return null;
    }
    Label held = head.label().heldBack(ground.time().millis());
    return make(new ObjectHead(head.key(), held, head.generation(), head.bodyLength()), true);
  }

  /**
   * Returns what names a version strongly enough to put parts of it together: an entity tag that is
   * not weak, or a date that is older than the answer (RFC 9110, sections 8.8.2.2 and 13.1.5);
   * empty if there is neither.
   */
  static String validator(Fields fields) {
    @Nullable String etag = fields.value("ETag");
    if (etag != null && etag.startsWith("\"")) {
      return etag;
    }
    @Nullable String modified = fields.value("Last-Modified");
    @Nullable String date = fields.value("Date");
    if (etag != null || modified == null || date == null) {
      return "";
    }
    Optional<Instant> at = HttpDate.parse(modified);
    Optional<Instant> answered = HttpDate.parse(date);
    boolean strong =
        at.isPresent() && answered.isPresent() && at.get().plusSeconds(1).isBefore(answered.get());
    return strong ? modified : "";
  }
}
