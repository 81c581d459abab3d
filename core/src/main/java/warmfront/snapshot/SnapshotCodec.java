package warmfront.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.wire.LogEntry;

/**
 * Log entries as protobuf, for the store, the wire and the disks of the fleet. Thread-safe.
 *
 * <p>Reading is strict: an entry that lists a feature this version lacks, or that carries a kind, a
 * field or an enumerated value it does not know, is {@link Decoded.NeedsFeature}; nothing is
 * dropped silently.
 */
public final class SnapshotCodec {
  private static final byte[] GONE = {0};
  private static final byte[] THERE = {1};

  private final Set<String> features;

  /**
   * Makes a codec for a server.
   *
   * @param features what the server knows beyond the first release
   */
  public SnapshotCodec(Set<String> features) {
    this.features = Set.copyOf(features);
  }

  /** What an entry says before it is chained to the log. */
  public record Draft(
      long epoch,
      long revision,
      Kind kind,
      String id,
      Set<String> features,
      Optional<Resource> value,
      boolean last) {
    public Draft {
      features = Set.copyOf(features);
    }

    /** Returns this draft, ending its transaction or not. */
    public Draft asLast(boolean last) {
      return new Draft(epoch, revision, kind, id, features, value, last);
    }
  }

  /**
   * Returns the entry that says {@code draft} and follows the entry whose chain is given.
   *
   * @param salt random bytes if the kind is secret, so that a server from which the value is
   *     withheld cannot try guesses on its digest; empty for all other kinds
   */
  public static LogEntry encode(Draft draft, ByteString salt, Chain before) {
    if (draft.kind().secret() == salt.isEmpty()) {
      throw new IllegalArgumentException("secrets alone have a salt: " + draft.kind());
    }
    LogEntry.Builder entry =
        LogEntry.newBuilder()
            .setEpoch(draft.epoch())
            .setRevision(draft.revision())
            .setKind(draft.kind().name())
            .setId(draft.id())
            .addAllFeatures(new TreeSet<>(draft.features()))
            .setDeleted(draft.value().isEmpty())
            .setLast(draft.last());
    draft
        .value()
        .ifPresent(value -> {
          ByteString bytes = encode(value);
          entry.setValue(bytes).setDigest(digest(salt, bytes));
          if (!salt.isEmpty()) {
            entry.setSalt(salt);
          }
        });
    return entry.setChain(bytes(chain(before, entry.build()))).build();
  }

  /** Returns a value's bytes; equal values give equal bytes. */
  public static ByteString encode(Resource value) {
    return ResourceWriter.write(value);
  }

  /** Returns the entry without its value, for a server that need not know the secret. */
  public static LogEntry withheld(LogEntry entry) {
    return entry.toBuilder().clearValue().clearSalt().build();
  }

  /** Returns what {@link #withheld} leaves out, to be sealed beside it. */
  public static byte[] secret(LogEntry entry) {
    return LogEntry.newBuilder()
        .setValue(entry.getValue())
        .setSalt(entry.getSalt())
        .build()
        .toByteArray();
  }

  /**
   * Returns the entry that was taken apart by {@link #withheld} and {@link #secret}.
   *
   * @throws InvalidProtocolBufferException if {@code secret} is none
   */
  public static LogEntry whole(LogEntry withheld, byte[] secret)
      throws InvalidProtocolBufferException {
    return withheld.toBuilder().mergeFrom(secret).build();
  }

  /** Returns the chain after {@code entry}, whatever chain it carries itself. */
  public static Chain chain(Chain before, LogEntry entry) {
    MessageDigest sha = sha256();
    sha.update(HexFormat.of().parseHex(before.hex()));
    number(sha, entry.getEpoch());
    number(sha, entry.getRevision());
    text(sha, entry.getKind());
    text(sha, entry.getId());
    List<String> listed = entry.getFeaturesList();
    number(sha, listed.size());
    listed.forEach(feature -> text(sha, feature));
    sha.update(entry.getLast() ? THERE : GONE);
    sha.update(entry.getDeleted() ? GONE : THERE);
    sha.update(entry.getDigest().asReadOnlyByteBuffer());
    return new Chain(HexFormat.of().formatHex(sha.digest()));
  }

  /** Returns a chain's 32 bytes. */
  public static ByteString bytes(Chain chain) {
    return ByteString.copyFrom(HexFormat.of().parseHex(chain.hex()));
  }

  /**
   * Returns the chain of 32 bytes.
   *
   * @throws IllegalArgumentException if there are not 32
   */
  public static Chain chain(ByteString bytes) {
    return new Chain(HexFormat.of().formatHex(bytes.toByteArray()));
  }

  /** Returns what an entry says, without asking whether it follows another. */
  public Decoded decode(LogEntry entry) {
    Optional<Kind> kind = kind(entry.getKind());
    for (String feature : entry.getFeaturesList()) {
      if (!features.contains(feature)) {
        return new Decoded.NeedsFeature(entry.getRevision(), feature);
      }
    }
    if (kind.isEmpty()) {
      return new Decoded.NeedsFeature(entry.getRevision(), "resources of kind " + entry.getKind());
    }
    try {
      return new Decoded.Understood(understood(entry, kind.get()));
    } catch (UnknownPart unknown) {
      return new Decoded.NeedsFeature(entry.getRevision(), unknown.part());
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      return new Decoded.Malformed(
          entry.getRevision(),
          "%s %s: %s".formatted(entry.getKind(), entry.getId(), malformed.getMessage()));
    }
  }

  private static Entry understood(LogEntry entry, Kind kind) throws InvalidProtocolBufferException {
    if (!entry.getUnknownFields().asMap().isEmpty()) {
      throw new UnknownPart("fields " + entry.getUnknownFields().asMap().keySet() + " of an entry");
    }
    if (entry.getDeleted() && (entry.hasValue() || !entry.getDigest().isEmpty())) {
      throw new IllegalArgumentException("it is deleted and has a value");
    }
    if (!entry.getDeleted() && entry.getDigest().size() != 32) {
      throw new IllegalArgumentException("its digest has not 32 bytes");
    }
    if (!entry.getDeleted() && !entry.hasValue() && !kind.secret()) {
      throw new IllegalArgumentException("its value is withheld and is no secret");
    }
    Optional<Resource> value = Optional.empty();
    if (entry.hasValue()) {
      if (!digest(entry.getSalt(), entry.getValue()).equals(entry.getDigest())) {
        throw new IllegalArgumentException("its value is not the one of its digest");
      }
      value = Optional.of(ResourceReader.read(kind, entry.getValue()));
    }
    return new Entry(
        entry.getEpoch(),
        entry.getRevision(),
        kind,
        entry.getId(),
        Set.copyOf(entry.getFeaturesList()),
        value,
        entry.getChain().isEmpty() ? Chain.EMPTY : chain(entry.getChain()),
        entry.getLast());
  }

  private static Optional<Kind> kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static ByteString digest(ByteString salt, ByteString value) {
    MessageDigest sha = sha256();
    sha.update(salt.asReadOnlyByteBuffer());
    sha.update(value.asReadOnlyByteBuffer());
    return ByteString.copyFrom(sha.digest());
  }

  private static void number(MessageDigest sha, long value) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }

  private static void text(MessageDigest sha, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(sha, bytes.length);
    sha.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
