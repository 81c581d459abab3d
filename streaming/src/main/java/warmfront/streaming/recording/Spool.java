package warmfront.streaming.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import warmfront.bytes.Slice;
import warmfront.streaming.segment.Film;

/**
 * A recording on disk, until it is in its bucket: a folder with the parts of the object that were
 * not sent yet, and what has to be known to go on after a crash. Whole fragments count, and are
 * listed in {@code index}; what was sent is listed in {@code sent}. The first part waits for the
 * end, when it is known how long the film plays. Thread-safe; one thread writes, another sends.
 */
final class Spool {
  private static final String ABOUT = "about";
  private static final String INDEX = "index";
  private static final String SENT = "sent";
  private static final String FRAGMENT = "fragment";
  private static final String END = "end";

  private final Path folder;
  private final Buckets.Name object;
  private final Instant began;
  private final int partBytes;
  private final PartFiles parts;
  private final Journal index;
  private final Journal sent;
  private final List<String> tags = new ArrayList<>();
  private String upload = "";

  /** Bytes of whole fragments; when it is complete, of the object. */
  private long bytes;

  private boolean isClosed;
  private boolean isComplete;
  private volatile boolean isRefused;

  /** A line of the index. */
  private record Line(Film.Mark mark, long end) {
    String text() {
      return "%s %d %d %d %b %d %d"
          .formatted(
              FRAGMENT,
              mark.offset(),
              mark.track(),
              mark.ticks(),
              mark.key(),
              mark.endMillis(),
              end);
    }

    static Line of(String text) {
      String[] words = text.split(" ", -1);
      return new Line(
          new Film.Mark(
              Long.parseLong(words[1]),
              Integer.parseInt(words[2]),
              Long.parseLong(words[3]),
              Boolean.parseBoolean(words[4]),
              Long.parseLong(words[5])),
          Long.parseLong(words[6]));
    }
  }

  private Spool(
      Path folder,
      Buckets.Name object,
      Instant began,
      int partBytes,
      List<String> index,
      List<String> sent)
      throws IOException {
    this.folder = folder;
    this.object = object;
    this.began = began;
    this.partBytes = partBytes;
    this.parts = new PartFiles(folder, partBytes);
    this.index = Journal.open(folder.resolve(INDEX), index);
    this.sent = Journal.open(folder.resolve(SENT), sent);
  }

  /** Begins one in a folder that is not there yet. */
  static Spool begin(Path folder, Buckets.Name object, Instant began, int partBytes)
      throws IOException {
    Files.createDirectory(folder);
    List<String> about =
        List.of(object.bucket(), object.key(), began.toString(), String.valueOf(partBytes));
    Journal.open(folder.resolve(ABOUT), about).close();
    return new Spool(folder, object, began, partBytes, List.of(), List.of());
  }

  /**
   * Goes on with one that was left behind: what was not written wholly is cut off.
   *
   * @return nothing if there is nothing in it that could be sent; it is gone
   * @throws IOException if it cannot be gone on with, saying why; it stays
   */
  static Optional<Spool> found(Path folder) throws IOException {
    try {
      List<String> about = Journal.read(folder.resolve(ABOUT));
      List<String> index = Journal.read(folder.resolve(INDEX));
      if (about.size() < 4 || index.isEmpty()) {
        delete(folder);
        return Optional.empty();
      }
      int partBytes = Integer.parseInt(about.get(3));
      List<String> sent = Journal.read(folder.resolve(SENT));
      boolean isComplete = index.getLast().startsWith(END);
      List<String> whole = isComplete ? index : whole(folder, partBytes, index, sent);
      Spool spool =
          new Spool(
              folder,
              new Buckets.Name(about.get(0), about.get(1)),
              Instant.parse(about.get(2)),
              partBytes,
              whole,
              sent);
      spool.goOn(whole.getLast(), isComplete, sent);
      return Optional.of(spool);
    } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException e) {
      throw new IOException("it cannot be read", e);
    }
  }

  /** Returns the lines of the index whose fragments are there wholly, here or in the bucket. */
  private static List<String> whole(
      Path folder, int partBytes, List<String> index, List<String> sent) throws IOException {
    PartFiles parts = new PartFiles(folder, partBytes);
    int last = Math.max(1, sent.size()); // the first line is the upload, then come parts from 2 on
    long there = 0;
    for (int number = 1; there == (number - 1L) * partBytes; number++) {
      there += number > 1 && number <= last ? partBytes : parts.length(number);
    }
    List<String> whole = new ArrayList<>();
    for (String line : index) {
      if (Line.of(line).end() <= there) {
        whole.add(line);
      }
    }
    long sentEnd = last > 1 ? (long) last * partBytes : 0;
    if (whole.isEmpty() || Line.of(whole.getLast()).end() < sentEnd) {
      throw new IOException("parts of it are missing");
    }
    return whole;
  }

  private void goOn(String last, boolean complete, List<String> known) throws IOException {
    for (String line : known) {
      String word = line.substring(line.indexOf(' ') + 1);
      if (upload.isEmpty()) {
        upload = word;
      } else {
        tags.add(word);
      }
    }
    isClosed = true;
    isComplete = complete;
    if (complete) {
      bytes = Long.parseLong(last.substring(END.length() + 1));
    } else {
      bytes = Line.of(last).end();
      parts.cut(bytes);
    }
  }

  Buckets.Name object() {
    return object;
  }

  Instant began() {
    return began;
  }

  // ---- the one who writes

  /**
   * Takes a piece of the film.
   *
   * @throws IOException if it cannot be written; what was written before stays
   */
  void add(Slice piece, Film.Mark mark) throws IOException {
    long begin = bytes();
    long end = begin + piece.length();
    whollyFrom(
        begin,
        () -> {
          boolean completes = parts.write(begin, piece.buffer());
          index.add(new Line(mark.after(begin), end).text());
          if (completes) {
            index.force();
          }
        });
    synchronized (this) {
      bytes = end;
    }
  }

  /** Something that is written to the parts and to the index. */
  private interface Writing {
    void write() throws IOException;
  }

  /** Writes what lies from a byte on and its line of the index; both or nothing. */
  private void whollyFrom(long begin, Writing writing) throws IOException {
    long lines = index.length();
    try {
      writing.write();
    } catch (IOException e) {
      index.cut(lines);
      parts.cut(begin);
      throw e;
    }
  }

  /** Takes no more. */
  void close() throws IOException {
    try {
      parts.close();
    } finally {
      synchronized (this) {
        isClosed = true;
      }
    }
  }

  // ---- the one who sends

  synchronized boolean isClosed() {
    return isClosed;
  }

  synchronized boolean isComplete() {
    return isComplete;
  }

  /**
   * Completes the file of a film that is closed: how long it plays, and the index at its end.
   *
   * @throws IOException if that cannot be written; it may be tried again
   */
  void complete() throws IOException {
    List<Film.Mark> marks = new ArrayList<>();
    for (String line : Journal.read(folder.resolve(INDEX))) {
      marks.add(Line.of(line).mark());
    }
    long begin = bytes();
    ByteBuffer tail = Film.index(marks).buffer();
    long end = begin + tail.remaining();
    byte[] first = parts.read(1);
    int header = (int) Math.min(marks.getFirst().offset(), first.length);
    ByteBuffer head = ByteBuffer.wrap(first, 0, header);
    Film.setDuration(head, marks.getLast().endMillis());
    whollyFrom(
        begin,
        () -> {
          boolean _ = parts.write(begin, tail);
          boolean _ = parts.write(0, head);
          parts.close();
          index.add(END + " " + end);
          index.force();
        });
    synchronized (this) {
      bytes = end;
      isComplete = true;
    }
  }

  /** Returns the part to send next; empty if there is none yet. The first one is the last. */
  synchronized OptionalInt next() {
    int number = tags.size() + 2;
    long begin = (number - 1L) * partBytes;
    boolean isThere = isComplete ? begin < bytes : begin + partBytes <= bytes;
    if (isThere) {
      return OptionalInt.of(number);
    }
    return isComplete && !isSent() ? OptionalInt.of(1) : OptionalInt.empty();
  }

  private boolean isSent() {
    return tags.size() == (bytes + partBytes - 1) / partBytes;
  }

  /** Reads a part. */
  byte[] read(int number) throws IOException {
    return parts.read(number);
  }

  /** Returns what S3 calls the upload; empty before it has begun. */
  synchronized String upload() {
    return upload;
  }

  /** The bucket knows of it. */
  synchronized void begun(String name) throws IOException {
    sent.add("upload " + name);
    sent.force();
    upload = name;
  }

  /** A part is in the bucket. */
  void sent(int number, String tag) throws IOException {
    synchronized (this) {
      sent.add(number + " " + tag);
      sent.force();
      tags.add(tag);
    }
    parts.delete(number);
  }

  /** Returns the entity tags of all parts, in order, when all of them were sent. */
  synchronized List<String> tags() {
    List<String> ordered = new ArrayList<>(tags);
    ordered.addFirst(ordered.removeLast());
    return ordered;
  }

  /** Returns how many parts were sent. */
  synchronized int sentParts() {
    return tags.size();
  }

  /** Returns the bytes of the object so far. */
  synchronized long bytes() {
    return bytes;
  }

  /** Returns the bytes that it has on the disk. */
  synchronized long heldBytes() {
    return Math.max(0, bytes - (long) tags.size() * partBytes);
  }

  /** The bucket does not want it now. */
  void refuse() {
    isRefused = true;
  }

  boolean isRefused() {
    return isRefused;
  }

  /** Lets go of its files, which stay. */
  void leave() throws IOException {
    try (index;
        sent) {
      parts.close();
    }
  }

  /** Forgets all of it. */
  void delete() throws IOException {
    leave();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
