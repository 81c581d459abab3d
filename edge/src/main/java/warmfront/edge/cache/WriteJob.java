package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Memory;
import warmfront.bytes.Slice;

/** Something to be written to a disk, by its writer. */
sealed interface WriteJob {
  /** Bytes of bodies that it keeps in memory until it is done. */
  long bytes();

  /** Appends its records; says whether there was room for them. */
  boolean append(SegmentLog log) throws IOException;

  /** Its records are written. */
  void published();

  /** It is over, whether it was written or not. Called once. */
  void end();

  /** A whole object. */
  final class OfObject implements WriteJob {
    private final Resident resident;
    private final OnePiece content;
    private final Ground ground;
    private final List<RecordKey> keys = new ArrayList<>(1);
    private final List<Entry> entries = new ArrayList<>(1);

    /** Takes over a hold of the object. */
    OfObject(Resident resident, OnePiece content, Ground ground) {
      this.resident = resident;
      this.content = content;
      this.ground = ground;
    }

    @Override
    public long bytes() {
      return content.length();
    }

    @Override
    public boolean append(SegmentLog log) throws IOException {
      for (Draft draft : drafts()) {
        @Nullable Entry entry = log.append(draft);
        if (entry == null) {
          return false;
        }
        keys.add(draft.key());
        entries.add(entry);
      }
      return true;
    }

    private List<Draft> drafts() {
      ObjectHead head = resident.head();
      List<Slice> slices = content.slices();
      if (head.bodyLength() <= Memory.SLICE_MAX) {
        return List.of(Draft.object(head, buffers(slices)));
      }
      List<Draft> drafts = new ArrayList<>();
      for (List<ByteBuffer> cut : cut(slices)) {
        SliceHead of = new SliceHead(head.generation(), drafts.size());
        drafts.add(Draft.slice(head.key(), head.label(), of, cut));
      }
      drafts.add(Draft.ofLong(head));
      return drafts;
    }

    private static List<ByteBuffer> buffers(List<Slice> slices) {
      List<ByteBuffer> buffers = new ArrayList<>(slices.size());
      slices.forEach(slice -> buffers.add(slice.buffer()));
      return buffers;
    }

    /** Cuts a body, however it lies in memory, into slices of the full length and the rest. */
    private static List<List<ByteBuffer>> cut(List<Slice> body) {
      List<List<ByteBuffer>> all = new ArrayList<>();
      int room = 0;
      for (Slice slice : body) {
        ByteBuffer left = slice.buffer();
        while (left.hasRemaining()) {
          if (room == 0) {
            all.add(new ArrayList<>(1));
            room = Memory.SLICE_MAX;
          }
          int count = Math.min(room, left.remaining());
          all.getLast().add(left.slice(left.position(), count));
          left.position(left.position() + count);
          room -= count;
        }
      }
      return all;
    }

    @Override
    public void published() {
      ground.counts().diskWrites.increment();
      ground
          .index()
          .in(
              resident.key(),
              slot -> {
                @Nullable Resident now = slot.resident;
                if (now != null && now.content() == content) {
                  for (int i = 0; i < keys.size(); i++) {
                    ground.onDisk().put(keys.get(i), entries.get(i));
                  }
                }
                ground.index().tidy(slot);
                return slot;
              });
    }

    @Override
    public void end() {
      content.queue(false);
      resident.release();
    }
  }

  /** A newer head of an object whose bytes are on this disk. */
  final class OfLabel implements WriteJob {
    private final Resident resident;
    private final Entry object;
    private final Ground ground;
    private @Nullable Entry written;

    /** Takes over a hold of the object. */
    OfLabel(Resident resident, Entry object, Ground ground) {
      this.resident = resident;
      this.object = object;
      this.ground = ground;
    }

    private boolean isLong() {
      return object.kind() == Entry.Kind.LONG;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public boolean append(SegmentLog log) throws IOException {
      ObjectHead head = resident.head();
      written = log.append(isLong() ? Draft.ofLong(head) : Draft.label(head));
      return written != null;
    }

    @Override
    public void published() {
      Entry entry = written;
      if (entry == null) {
        return;
      }
      RecordKey key = RecordKey.of(resident.key());
      ground
          .index()
          .in(
              resident.key(),
              slot -> {
                @Nullable Entry now = ground.onDisk().find(key);
                if (now != null && now.place().equals(object.place())) {
                  ground.onDisk().put(isLong() ? key : RecordKey.label(resident.key()), entry);
                }
                ground.index().tidy(slot);
                return slot;
              });
    }

    @Override
    public void end() {
      resident.release();
    }
  }

  /** A slice of a long object. */
  final class OfSlice implements WriteJob {
    private final ObjectHead head;
    private final Piece piece;
    private final List<Slice> pinned;
    private final Ground ground;
    private final RecordKey key;
    private @Nullable Entry written;

    /** Takes over one pin of each of the slice's runs. */
    OfSlice(ObjectHead head, Piece piece, List<Slice> pinned, Ground ground) {
      this.head = head;
      this.piece = piece;
      this.pinned = List.copyOf(pinned);
      this.ground = ground;
      this.key = RecordKey.slice(head.key(), head.generation(), piece.number());
    }

    @Override
    public long bytes() {
      return piece.size();
    }

    @Override
    public boolean append(SegmentLog log) throws IOException {
      SliceHead of = new SliceHead(head.generation(), piece.number());
      List<ByteBuffer> body = new ArrayList<>(pinned.size());
      int left = piece.size();
      for (Slice run : pinned) {
        int count = Math.min(left, run.length());
        body.add(run.buffer().limit(count));
        left -= count;
      }
      written = log.append(Draft.slice(head.key(), head.label(), of, body));
      return written != null;
    }

    @Override
    public void published() {
      Entry entry = written;
      if (entry != null) {
        ground.onDisk().put(key, entry);
        ground.counts().diskWrites.increment();
        piece.isOnDisk();
      }
    }

    @Override
    public void end() {
      pinned.forEach(Slice::release);
    }
  }

  /** The head of a long object whose slices are written one by one. */
  final class OfHead implements WriteJob {
    private final Resident resident;
    private final Ground ground;
    private @Nullable Entry written;

    /** Takes over a hold of the object. */
    OfHead(Resident resident, Ground ground) {
      this.resident = resident;
      this.ground = ground;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public boolean append(SegmentLog log) throws IOException {
      written = log.append(Draft.ofLong(resident.head()));
      return written != null;
    }

    @Override
    public void published() {
      Entry entry = written;
      if (entry == null) {
        return;
      }
      ground
          .index()
          .in(
              resident.key(),
              slot -> {
                @Nullable Resident now = slot.resident;
                if (now != null && now.content() == resident.content()) {
                  ground.onDisk().put(RecordKey.of(resident.key()), entry);
                }
                ground.index().tidy(slot);
                return slot;
              });
    }

    @Override
    public void end() {
      resident.release();
    }
  }
}
