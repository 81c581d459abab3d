package warmfront.streaming.segment;

import java.util.ArrayList;
import java.util.List;
import warmfront.bytes.Slice;

/** A run of parts under one number: complete, or the one that parts are still added to. */
final class Segment {
  private final long sequence;
  private final Initial initial;
  private final Era era;
  private final List<Part> parts = new ArrayList<>();
  private long begins = -1;
  private long ticks;
  private long bytes;

  /**
   * Begins a segment.
   *
   * @param sequence its Media Sequence Number
   * @param era which it is of
   */
  Segment(long sequence, Initial initial, Era era) {
    this.sequence = sequence;
    this.initial = initial;
    this.era = era;
  }

  void add(long partBegins, Part part) {
    if (parts.isEmpty()) {
      begins = partBegins;
    }
    parts.add(part);
    // Gaps between parts belong to the segment: the next one begins where this one ends.
    ticks = partBegins + part.ticks() - begins;
    bytes += part.bytes().length();
  }

  long sequence() {
    return sequence;
  }

  Initial initial() {
    return initial;
  }

  Era era() {
    return era;
  }

  List<Part> parts() {
    return parts;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Returns when its first frame is decoded, in ticks; -1 while it has none. */
  long begins() {
    return begins;
  }

  long ticks() {
    return ticks;
  }

  long ends() {
    return begins + ticks;
  }

  double seconds() {
    return (double) ticks / initial.format().timescale();
  }

  long bytes() {
    return bytes;
  }

  boolean isIndependent() {
    return parts.isEmpty() || parts.getFirst().independent();
  }

  List<Slice> pieces() {
    return parts.stream().map(Part::bytes).toList();
  }
}
