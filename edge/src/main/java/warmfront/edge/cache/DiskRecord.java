package warmfront.edge.cache;

import java.util.List;
import warmfront.edge.step.CacheKey;

/** The head of a record in a segment. */
sealed interface DiskRecord {
  CacheKey key();

  Label label();

  /**
   * An object; its bytes follow.
   *
   * @param chunks the bytes in parts, each with its checksum
   */
  record OfObject(CacheKey key, Label label, List<Chunk> chunks) implements DiskRecord {
    public OfObject {
      chunks = List.copyOf(chunks);
    }

    long bodyLength() {
      return chunks.stream().mapToLong(Chunk::length).sum();
    }
  }

  /**
   * A newer label for an object that the origin confirmed.
   *
   * @param segment number of the segment with the object
   * @param offset of the object's record
   */
  record OfRenewal(CacheKey key, Label label, long segment, long offset) implements DiskRecord {}

  /**
   * A part of a body.
   *
   * @param length in bytes, 1 to 1 MiB
   * @param crc its CRC-32C
   */
  record Chunk(int length, int crc) {}
}
