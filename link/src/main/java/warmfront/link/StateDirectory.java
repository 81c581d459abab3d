package warmfront.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.distribution.Kind;
import warmfront.link.wire.Kept;
import warmfront.link.wire.KeptHead;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Seal;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;

/**
 * The log on a server's own disk: {@code picture.bin}, replaced by rename, and {@code log.bin},
 * whose tail may be torn. Each frame is its length, its CRC-32C and a message. Values of secret
 * kinds are sealed with {@code seal.key}. Confined to one thread.
 */
final class StateDirectory implements AutoCloseable {
  /** What the disk has. */
  record Loaded(KeptHead head, List<Kept> picture, List<LogEntry> after) {
    static final Loaded NOTHING =
        new Loaded(
            KeptHead.newBuilder().setEpoch(1).setChain(SnapshotCodec.bytes(Chain.EMPTY)).build(),
            List.of(),
            List.of());
  }

  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
  private static final byte[] MAGIC = "WFSTATE1".getBytes(StandardCharsets.US_ASCII);

  /** A log that is no longer than this is never folded, in bytes. */
  private static final long FOLDED_BYTES = 4L << 20;

  /** Longest frame that is believed, in bytes: entries on the wire are shorter. */
  private static final int FRAME_MAX = Credentials.MESSAGE_MAX + 4096;

  private final Path folder;
  private final Path picture;
  private final Seal seal;
  private final FileChannel log;

  private StateDirectory(Path folder, Seal seal, FileChannel log) {
    this.folder = folder;
    this.picture = folder.resolve("picture.bin");
    this.seal = seal;
    this.log = log;
  }

  static StateDirectory open(Path folder, SecureRandom random) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Seal seal = new Seal(KeyFile.loadOrMake(folder.resolve("seal.key"), random), random);
    FileChannel log =
        FileChannel.open(
            folder.resolve("log.bin"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new StateDirectory(folder, seal, log);
  }

  /**
   * Returns what the disk has, complete transactions only, and cuts off what is torn.
   *
   * @throws IllegalStateException if a newer version wrote it
   */
  Loaded load() throws IOException {
    Loaded loaded = loadPicture();
    List<LogEntry> entries = new ArrayList<>();
    long kept = loadLog(loaded.head(), entries);
    if (kept < log.size()) {
      LOG.warn("the last {} bytes of {} are torn and dropped", log.size() - kept, folder);
      log.truncate(kept);
      log.force(true);
    }
    log.position(kept);
    return new Loaded(loaded.head(), loaded.picture(), entries);
  }

  /** Appends entries of a transaction and returns once they are on the disk. */
  void append(List<LogEntry> entries) throws IOException {
    long before = log.position();
    try {
      for (LogEntry entry : entries) {
        write(log, kept(entry, false));
      }
      log.force(false);
    } catch (IOException failed) {
      // What was written in part must not stand before what is written next.
      log.truncate(before);
      log.position(before);
      throw failed;
    }
  }

  /**
   * Returns whether the log behind the picture is to be folded into it: it is longer than the
   * picture, so that writing that anew costs no more than all the changes did.
   */
  boolean isToBeFolded() throws IOException {
    long whole = Files.exists(picture) ? Files.size(picture) : 0;
    return log.size() > Math.max(FOLDED_BYTES, whole);
  }

  /** Replaces everything by a whole picture, wholly or not at all. */
  void replace(KeptHead head, Collection<LogEntry> obeyed, Collection<LogEntry> held)
      throws IOException {
    Path fresh = folder.resolve("picture.new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(MAGIC));
      write(channel, head.toBuilder().setEntries(obeyed.size() + held.size()).build());
      for (LogEntry entry : obeyed) {
        write(channel, kept(entry, false));
      }
      for (LogEntry entry : held) {
        write(channel, kept(entry, true));
      }
      channel.force(true);
    }
    Files.move(fresh, picture, StandardCopyOption.ATOMIC_MOVE);
    KeyFile.flushFolder(folder);
    // A crash before this leaves entries that the picture has; load() passes over them.
    log.truncate(0);
    log.position(0);
    log.force(true);
  }

  @Override
  public void close() throws IOException {
    log.close();
  }

  private Loaded loadPicture() throws IOException {
    if (Files.notExists(picture)) {
      return Loaded.NOTHING;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(picture)))) {
      requireMagic(in);
      Optional<byte[]> first = frame(in);
      if (first.isEmpty()) {
        return broken();
      }
      KeptHead head = KeptHead.parseFrom(first.get());
      List<Kept> entries = new ArrayList<>();
      for (int i = 0; i < head.getEntries(); i++) {
        Optional<byte[]> frame = frame(in);
        if (frame.isEmpty()) {
          return broken();
        }
        Optional<Kept> opened = opened(Kept.parseFrom(frame.get()));
        if (opened.isEmpty()) {
          return broken();
        }
        entries.add(opened.get());
      }
      return new Loaded(head, entries, List.of());
    }
  }

  private Loaded broken() {
    LOG.error("{} is broken; control is asked for the whole picture", picture);
    return Loaded.NOTHING;
  }

  private void requireMagic(DataInputStream in) throws IOException {
    String magic = new String(in.readNBytes(MAGIC.length), StandardCharsets.US_ASCII);
    if (magic.matches("WFSTATE[2-9]")) {
      throw new IllegalStateException(
          "%s was written by a newer version of Warmfront (%s)".formatted(picture, magic));
    }
  }

  /** Adds complete transactions that follow {@code head}; returns the bytes that they end at. */
  private long loadLog(KeptHead head, List<LogEntry> entries) throws IOException {
    long revision = head.getRevision();
    Chain chain = SnapshotCodec.chain(head.getChain());
    long position = 0;
    long complete = 0;
    int completeEntries = 0;
    try (InputStream file = Files.newInputStream(folder.resolve("log.bin"));
        DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
      for (Optional<byte[]> next = frame(in); next.isPresent(); next = frame(in)) {
        Optional<Kept> kept = opened(Kept.parseFrom(next.get()));
        if (kept.isEmpty()) {
          break;
        }
        position += Integer.BYTES * 2 + next.get().length;
        LogEntry entry = kept.get().getEntry();
        if (entry.getRevision() > head.getRevision()) {
          chain = SnapshotCodec.chain(chain, entry);
          if (entry.getRevision() != revision + 1
              || !SnapshotCodec.bytes(chain).equals(entry.getChain())) {
            break;
          }
          revision = entry.getRevision();
          entries.add(entry);
        }
        if (entry.getLast()) {
          complete = position;
          completeEntries = entries.size();
        }
      }
    }
    entries.subList(completeEntries, entries.size()).clear();
    return complete;
  }

  private static Optional<byte[]> frame(DataInputStream in) throws IOException {
    byte[] head = in.readNBytes(Integer.BYTES * 2);
    if (head.length < Integer.BYTES * 2) {
      return Optional.empty();
    }
    ByteBuffer numbers = ByteBuffer.wrap(head);
    int length = numbers.getInt();
    int crc = numbers.getInt();
    if (length < 0 || length > FRAME_MAX) {
      return Optional.empty();
    }
    byte[] content = in.readNBytes(length);
    return content.length == length && crc(content) == crc
        ? Optional.of(content)
        : Optional.empty();
  }

  private static void write(FileChannel channel, MessageLite message) throws IOException {
    byte[] content = message.toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES * 2 + content.length);
    frame.putInt(content.length).putInt(crc(content)).put(content).flip();
    writeFully(channel, frame);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static int crc(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }

  private Kept kept(LogEntry entry, boolean held) {
    Kept.Builder kept = Kept.newBuilder().setHeld(held);
    if (!isOpen(entry.getKind()) && entry.hasValue()) {
      byte[] sealed = seal.seal(SnapshotCodec.secret(entry), context(entry));
      kept.setEntry(SnapshotCodec.withheld(entry)).setSealed(ByteString.copyFrom(sealed));
    } else {
      kept.setEntry(entry);
    }
    return kept.build();
  }

  private Optional<Kept> opened(Kept kept) throws IOException {
    if (!kept.hasSealed()) {
      return Optional.of(kept);
    }
    LogEntry entry = kept.getEntry();
    Optional<byte[]> secret = seal.open(kept.getSealed().toByteArray(), context(entry));
    return secret.isEmpty()
        ? Optional.empty()
        : Optional.of(
            kept.toBuilder()
                .setEntry(SnapshotCodec.whole(entry, secret.get()))
                .clearSealed()
                .build());
  }

  /** A kind that this version does not know may be a secret. */
  private static boolean isOpen(String kind) {
    return OPEN_KINDS.contains(kind);
  }

  private static final Set<String> OPEN_KINDS =
      java.util.Arrays.stream(Kind.values())
          .filter(kind -> !kind.secret())
          .map(Kind::name)
          .collect(java.util.stream.Collectors.toUnmodifiableSet());

  private static String context(LogEntry entry) {
    return entry.getKind() + "/" + entry.getId() + "/" + entry.getRevision();
  }
}
