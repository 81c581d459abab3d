package warmfront.streaming.segment;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** Films as files, completed as a recorder completes them. */
final class Reels {
  private final List<Film.Mark> marks = new ArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int head;

  /** Takes a piece, if it is one. */
  Reels add(Film.Taken taken) {
    if (taken instanceof Film.Taken.Piece(Slice piece, int length, Film.Mark mark)) {
      head += length;
      marks.add(mark.after(bytes.size()));
      bytes.writeBytes(Aac.copy(piece.buffer()));
    }
    return this;
  }

  /** Returns a film of all of these as a file. */
  static Reels of(List<Tag> tags) {
    Film film = new Film(Long.MAX_VALUE, Long.MAX_VALUE);
    Reels reels = new Reels();
    tags.forEach(tag -> reels.add(film.tag(tag)));
    return reels.add(film.end());
  }

  List<Film.Mark> marks() {
    return marks;
  }

  /** Returns the file as it is when nobody has completed it. */
  byte[] open() {
    return bytes.toByteArray();
  }

  byte[] complete() {
    ByteBuffer index = Film.index(marks).buffer();
    ByteBuffer file = ByteBuffer.allocate(bytes.size() + index.remaining());
    file.put(bytes.toByteArray()).put(index).flip();
    Film.setDuration(file.slice(0, head), marks.getLast().endMillis());
    return file.array();
  }
}
