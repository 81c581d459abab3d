package warmfront.edge.cache;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import warmfront.edge.step.CacheKey;

/**
 * A record that is to be written.
 *
 * @param kind what it is
 * @param key what it is found by
 * @param head its head, not copied
 * @param body its bytes, not copied
 * @param bodyCrc their checksum
 * @param since the configuration at the time its fetch began
 * @param freshUntil until when it is fresh, in seconds of the {@link Timeline}
 */
record Draft(
    Entry.Kind kind,
    RecordKey key,
    ByteBuffer head,
    List<ByteBuffer> body,
    int bodyCrc,
    Since since,
    int freshUntil) {
  static Draft object(ObjectHead head, List<ByteBuffer> body) {
    return ofHead(Entry.Kind.OBJECT, RecordKey.of(head.key()), head, body);
  }

  static Draft ofLong(ObjectHead head) {
    return ofHead(Entry.Kind.LONG, RecordKey.of(head.key()), head, List.of());
  }

  static Draft label(ObjectHead head) {
    return ofHead(Entry.Kind.LABEL, RecordKey.label(head.key()), head, List.of());
  }

  static Draft slice(CacheKey key, Label label, SliceHead head, List<ByteBuffer> body) {
    return make(
        Entry.Kind.SLICE,
        RecordKey.slice(key, head.generation(), head.number()),
        RecordCodec.sliceHead(head),
        body,
        label);
  }

  /**
   * Returns a record that was read, to be written elsewhere. Its body is compared with its checksum
   * when it is read for a viewer.
   *
   * @param raw all of it
   * @param sequence of the segment where it is
   */
  static Draft again(Outgoing.Living record, ByteBuffer raw, long sequence) throws BadRecord {
    Entry entry = record.entry();
    RecordCodec.Prefix prefix =
        RecordCodec.prefix(raw, Place.of(0, sequence, entry.place().offset()));
    int headEnd = RecordCodec.PREFIX_BYTES + prefix.headLength();
    return new Draft(
        prefix.kind(),
        record.key(),
        raw.slice(RecordCodec.PREFIX_BYTES, prefix.headLength()),
        List.of(raw.slice(headEnd, prefix.bodyLength())),
        prefix.bodyCrc(),
        entry.since(),
        entry.freshUntil());
  }

  private static Draft ofHead(
      Entry.Kind kind, RecordKey key, ObjectHead head, List<ByteBuffer> body) {
    return make(kind, key, RecordCodec.objectHead(head), body, head.label());
  }

  private static Draft make(
      Entry.Kind kind, RecordKey key, ByteBuffer head, List<ByteBuffer> body, Label label) {
    CRC32C crc = new CRC32C();
    body.forEach(part -> crc.update(part.duplicate()));
    return new Draft(
        kind,
        key,
        head,
        body,
        (int) crc.getValue(),
        label.since(),
        label.life().freshUntilSeconds());
  }

  int bodyLength() {
    int length = 0;
    for (ByteBuffer part : body) {
      length += part.remaining();
    }
    return length;
  }

  /** Returns the length of the whole record, in bytes. */
  int length() {
    return RecordCodec.PREFIX_BYTES + head.remaining() + bodyLength();
  }
}
