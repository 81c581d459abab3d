package warmfront.routing.map;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.rtt.MapEdition;

/** What a map maker remembers over a restart. */
final class MapMemory {
  private static final int MAGIC = 0x57464d4d; // WFMM

  /** Raised whenever the form or the meaning of what is written changes. */
  private static final int FORM = 1;

  private static final int BUFFER = 1 << 16;

  private MapMemory() {}

  /** What was read. */
  record Restored(Knowledge knowledge, long heldUntilMillis, Optional<LatencyMap> newest) {}

  static void write(
      Knowledge knowledge, Watches watches, Optional<LatencyMap> newest, OutputStream to)
      throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(to, new CRC32C());
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(checked, BUFFER));
    out.writeInt(MAGIC);
    out.writeInt(FORM);
    out.writeLong(knowledge.epoch().startMillis());
    out.writeInt(knowledge.window());
    out.writeLong(watches.heldUntilMillis());
    write(knowledge.numbering(), out);
    write(knowledge.systems().table(), out);
    write(knowledge.prefixes(), out);
    ByteBuffer map = newest.map(one -> one.edition().content()).orElse(ByteBuffer.allocate(0));
    byte[] bytes = new byte[map.remaining()];
    map.duplicate().get(bytes);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private static void write(Numbering numbering, DataOutputStream out) throws IOException {
    out.writeInt(numbering.size());
    for (int number = 0; number < numbering.size(); number++) {
      Optional<Location> one = numbering.location(number);
      out.writeUTF(one.map(Location::id).orElse(""));
      out.writeDouble(one.map(Location::latitude).orElse(0.0));
      out.writeDouble(one.map(Location::longitude).orElse(0.0));
      out.writeLong(numbering.sinceMillis(number));
    }
  }

  private static void write(SlotTable table, DataOutputStream out) throws IOException {
    out.writeInt(table.size());
    for (int row = 0; row < table.end(); row++) {
      if (table.isUsed(row)) {
        out.writeLong(table.key(row));
        writeSlots(table, row, out);
      }
    }
  }

  private static void writeSlots(SlotTable table, int row, DataOutputStream out)
      throws IOException {
    long[] page = table.page(row);
    int first = table.first(row);
    int count = 0;
    for (int i = first; i < first + table.width(); i++) {
      count += page[i] == Slot.EMPTY ? 0 : 1;
    }
    out.writeByte(count);
    for (int i = first; i < first + table.width(); i++) {
      if (page[i] != Slot.EMPTY) {
        out.writeLong(page[i]);
      }
    }
  }

  private static void write(Prefixes prefixes, DataOutputStream out) throws IOException {
    SlotTable table = prefixes.table();
    out.writeInt(table.size());
    for (int row = 0; row < table.end(); row++) {
      if (table.isUsed(row)) {
        out.writeLong(table.key(row));
        out.writeInt(prefixes.rawState(row));
        out.writeChar(prefixes.first(row));
        out.writeChar(prefixes.seen(row));
        out.writeFloat(prefixes.traffic(row));
        writeSlots(table, row, out);
      }
    }
  }

  static Restored read(Terrain terrain, MapLimits limits, long nowMillis, InputStream from)
      throws IOException {
    CheckedInputStream checked =
        new CheckedInputStream(new BufferedInputStream(from, BUFFER), new CRC32C());
    DataInputStream in = new DataInputStream(checked);
    if (in.readInt() != MAGIC || in.readInt() != FORM) {
      throw new IOException("not the memory of a map maker, or of another form");
    }
    Knowledge knowledge = new Knowledge(terrain, limits, nowMillis);
    long epoch = in.readLong();
    int window = in.readInt();
    long heldUntil = in.readLong();
    knowledge.restored(epoch, window);
    readNumbering(knowledge.numbering(), in);
    readSystems(knowledge, in);
    readPrefixes(knowledge, in);
    int length = in.readInt();
    if (length < 0 || length > MapEdition.BYTES_MAX) {
      throw new IOException("a map of %d bytes".formatted(length));
    }
    byte[] bytes = in.readNBytes(length);
    long sum = checked.getChecksum().getValue();
    if (in.readLong() != sum) {
      throw new IOException("the checksum is wrong");
    }
    knowledge.use(terrain);
    knowledge.prior().use(knowledge.numbering());
    return new Restored(knowledge, heldUntil, map(bytes));
  }

  private static Optional<LatencyMap> map(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return Optional.empty();
    }
    return switch (LatencyMap.read(ByteBuffer.wrap(bytes))) {
      case LatencyMap.Read.Sound(LatencyMap map) -> Optional.of(map);
      case LatencyMap.Read.Unsound(String reason, _) -> throw new IOException(reason);
    };
  }

  private static void readNumbering(Numbering numbering, DataInputStream in) throws IOException {
    int count = atMost(Numbering.LOCATIONS_MAX, in.readInt());
    List<Optional<Location>> locations = new ArrayList<>();
    List<Long> since = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String code = in.readUTF();
      double latitude = in.readDouble();
      double longitude = in.readDouble();
      since.add(in.readLong());
      try {
        locations.add(
            code.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new Location(
                        code,
                        code,
                        "ZZ",
                        latitude,
                        longitude,
                        PriceClass.PRICE_CLASS_ALL,
                        1,
                        Optional.empty())));
      } catch (IllegalArgumentException malformed) {
        throw new IOException("not a location: " + code, malformed);
      }
    }
    numbering.restore(locations, since);
  }

  private static int atMost(int max, int count) throws IOException {
    if (count < 0 || count > max) {
      throw new IOException("%d, at most %d are allowed".formatted(count, max));
    }
    return count;
  }

  private static void readSystems(Knowledge knowledge, DataInputStream in) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long key = in.readLong();
      readSlots(knowledge.systems().table(), knowledge.systems().row(key), in);
    }
  }

  /** Reads slots into a row, or past them if there is no room. */
  private static void readSlots(SlotTable table, int row, DataInputStream in) throws IOException {
    int count = atMost(table.width(), in.readByte());
    for (int i = 0; i < count; i++) {
      long slot = in.readLong();
      if (row != SlotTable.NONE) {
        table.page(row)[table.first(row) + i] = slot;
      }
    }
  }

  private static void readPrefixes(Knowledge knowledge, DataInputStream in) throws IOException {
    Prefixes prefixes = knowledge.prefixes();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long key = in.readLong();
      int state = in.readInt();
      char first = in.readChar();
      char seen = in.readChar();
      float traffic = in.readFloat();
      int row =
          prefixes.table().find(key) == SlotTable.NONE && !prefixes.table().isFull()
              ? prefixes.add(key, SlotTable.NONE, 0, first)
              : SlotTable.NONE;
      readSlots(prefixes.table(), row, in);
      if (row != SlotTable.NONE) {
        prefixes.rawState(row, state);
        prefixes.watch(row, false);
        prefixes.met(row, first, seen);
        prefixes.traffic(row, traffic);
      }
    }
  }
}
