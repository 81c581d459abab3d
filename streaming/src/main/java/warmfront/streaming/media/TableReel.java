package warmfront.streaming.media;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A way through the frames of a table, which needs no bytes to know them. */
final class TableReel implements Reel {
  private final @Nullable Codec video;
  private final @Nullable Codec audio;
  private final FrameTable.Reader rows;
  private final boolean broken;

  TableReel(Movie movie, FrameTable.Reader rows, boolean broken) {
    video = movie.video() == null ? null : movie.video().codec();
    audio = movie.audio() == null ? null : movie.audio().codec();
    this.rows = rows;
    this.broken = broken;
  }

  @Override
  public Turn next(Window window) {
    if (!rows.advance()) {
      return new End(broken);
    }
    boolean sounds = rows.kind() == Tag.Kind.AUDIO;
    return frame(rows, Objects.requireNonNull(sounds ? audio : video));
  }

  /** Returns the row at which a reader is, as a frame. */
  static Frame frame(FrameTable.Reader row, Codec codec) {
    return new Frame(
        row.kind(),
        row.millis(),
        row.key(),
        codec.prefix(row.key(), row.composition()),
        codec.prefixLength(),
        row.offset(),
        row.length());
  }
}
