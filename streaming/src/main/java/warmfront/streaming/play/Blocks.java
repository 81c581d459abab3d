package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.streaming.media.Window;

/**
 * The bytes of one version of an object that its reader needs now, and some ahead. Audio and video
 * may be far apart in a file, so there are several places where reading goes on; what none of them
 * needs any more is let go. Owned by one loop.
 */
final class Blocks implements Window, Stretch.Told {
  /** Who reads on, each at a place of its own. */
  enum Place {
    STRUCTURE,
    AUDIO,
    VIDEO
  }

  /** What a place needs: bytes from one on, up to another. */
  private static final class Reach {
    private long from = -1;
    private long to = -1;

    /** Moves on; what was asked for ahead stays so, unless it is not on the way. */
    void move(long newFrom, long newTo) {
      boolean onward = newFrom >= from && newFrom <= to;
      from = newFrom;
      to = onward ? Math.max(to, newTo) : newTo;
    }
  }

  private final Stretch.Source source;
  private final int block;
  private final Executor loop;
  private final Runnable arrived;
  private final List<Stretch> stretches = new ArrayList<>(4);
  private final Map<Place, Reach> reaches = new EnumMap<>(Place.class);
  private @Nullable Failure failure;
  private int failures;
  private boolean closed;

  /** Whether bytes that come now come within a call that looks for them afterwards. */
  private boolean fetching;

  /**
   * Makes a window onto an object.
   *
   * @param block what is read ends at a multiple of this, in bytes
   * @param arrived run when there are more bytes, or none are to be had
   */
  Blocks(Stretch.Source source, int block, Executor loop, Runnable arrived) {
    this.source = source;
    this.block = block;
    this.loop = loop;
    this.arrived = arrived;
  }

  /** Takes bytes that are coming already, from the object's beginning on. */
  void adopt(Flow coming, long length) {
    reach(Place.STRUCTURE).move(0, length);
    Stretch head = new Stretch(source, 0, length, loop, this);
    stretches.add(head);
    fetching = true;
    head.adopt(coming);
    fetching = false;
  }

  /**
   * Moves a place on and has its bytes fetched.
   *
   * @return whether all of them are at hand
   */
  boolean want(Place place, long offset, int length) {
    reach(place).move(offset, offset + length);
    letGo();
    if (!has(offset, length)) {
      fetch(offset, offset + length);
    }
    return has(offset, length);
  }

  /** Has the bytes fetched that follow those which {@code place} needs now. */
  void ahead(Place place) {
    Reach reach = reach(place);
    long end = reach.to;
    long coming = comingFrom(end);
    if (coming - end < block / 4 && coming < source.length()) {
      reach.to = coming + 1;
      fetch(coming, coming + 1);
    }
  }

  /** Returns why nothing comes; empty as long as something may. */
  Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Returns how often in a row nothing came. */
  int failures() {
    return failures;
  }

  /** Lets a failure pass: what is wanted will be asked for again. */
  void forgive() {
    failure = null;
  }

  /** Returns how many bytes are at hand: what they take, if nobody else had them. */
  long held() {
    long held = 0;
    for (Stretch stretch : stretches) {
      held += stretch.reached() - stretch.from();
    }
    return held;
  }

  /** Gives up what is to come and lets go of what is here, until something is wanted again. */
  void rest() {
    stretches.forEach(Stretch::release);
    stretches.clear();
    reaches.clear();
  }

  /** Rests for good: nothing is told any more. Idempotent. */
  void close() {
    closed = true;
    rest();
  }

  @Override
  public long objectLength() {
    return source.length();
  }

  @Override
  public boolean has(long offset, int length) {
    long reached = offset;
    long end = offset + length;
    while (reached < end) {
      Stretch holding = holding(reached);
      if (holding == null) {
        return false;
      }
      reached = holding.reached();
    }
    return end <= source.length();
  }

  @Override
  public int at(long offset) {
    return held(offset).pieces().at(offset);
  }

  @Override
  public void copy(long offset, byte[] into, int at, int length) {
    copy(offset, ByteBuffer.wrap(into, at, length));
  }

  /** Fills the rest of {@code target} with bytes that are at hand. */
  void copy(long offset, ByteBuffer target) {
    long from = offset;
    while (target.hasRemaining()) {
      int before = target.remaining();
      held(from).pieces().copy(from, target);
      from += before - target.remaining();
    }
  }

  private Stretch held(long offset) {
    Stretch holding = holding(offset);
    if (holding == null) {
      throw new IllegalStateException("not at hand: byte " + offset);
    }
    return holding;
  }

  private @Nullable Stretch holding(long offset) {
    for (Stretch stretch : stretches) {
      if (offset >= stretch.from() && offset < stretch.reached()) {
        return stretch;
      }
    }
    return null;
  }

  /** Asks for what is neither here nor coming of a part of the object. */
  private void fetch(long offset, long end) {
    fetching = true;
    long missing = comingFrom(offset);
    while (failure == null && missing < Math.min(end, source.length())) {
      long next = nextFrom(missing);
      Stretch stretch = new Stretch(source, missing, Math.min(blockEnd(end), next), loop, this);
      stretches.add(stretch);
      stretch.ask();
      missing = comingFrom(missing);
    }
    fetching = false;
  }

  private long blockEnd(long end) {
    return Math.min((end + block - 1) / block * block, source.length());
  }

  /** Returns the first byte from {@code offset} on that is neither here nor coming. */
  private long comingFrom(long offset) {
    long reached = offset;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      if (reached >= stretch.from() && reached < stretch.to()) {
        reached = stretch.to();
        i = -1;
      }
    }
    return reached;
  }

  /** Returns where the next stretch begins after {@code offset}, or the object's end. */
  private long nextFrom(long offset) {
    long next = source.length();
    for (Stretch stretch : stretches) {
      if (stretch.from() > offset) {
        next = Math.min(next, stretch.from());
      }
    }
    return next;
  }

  private Reach reach(Place place) {
    return reaches.computeIfAbsent(place, _ -> new Reach());
  }

  private void letGo() {
    for (int i = stretches.size() - 1; i >= 0; i--) {
      Stretch stretch = stretches.get(i);
      long first = firstNeeded(stretch);
      if (first < 0) {
        stretch.release();
        stretches.remove(i);
      } else {
        stretch.pieces().dropBefore(first);
      }
    }
  }

  /** Returns the first byte of a stretch that a place still needs; -1 if none does. */
  private long firstNeeded(Stretch stretch) {
    long first = Long.MAX_VALUE;
    for (Reach reach : reaches.values()) {
      if (reach.from < stretch.to() && reach.to > stretch.from()) {
        first = Math.min(first, Math.max(reach.from, stretch.from()));
      }
    }
    return first == Long.MAX_VALUE ? -1 : first;
  }

  @Override
  public void arrived() {
    failures = 0;
    tell();
  }

  @Override
  public void failed(Stretch stretch, Failure why) {
    failure = why;
    failures++;
    if (stretch.to() == stretch.from()) {
      stretch.release();
      stretches.remove(stretch);
    }
    tell();
  }

  private void tell() {
    if (!closed && !fetching) {
      arrived.run();
    }
  }
}
