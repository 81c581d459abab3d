package warmfront.routing.place;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small databases in MaxMind's DB format, version 2.0, IPv6 tree, 24-bit records. */
public final class SmallDatabase {
  private static final int EMPTY = -1;
  private final List<int[]> nodes = new ArrayList<>();
  private final Map<Map<String, ?>, Integer> offsets = new LinkedHashMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Makes a database without a network. */
  public SmallDatabase() {
    nodes.add(new int[] {EMPTY, EMPTY});
  }

  /** Adds a network; IPv4 is put at ::/96. */
  public SmallDatabase with(String address, int length, String country) {
    return with(address, length, Map.of("country_code", country));
  }

  /** Adds a network with a record of texts, numbers, records and lists of records. */
  public SmallDatabase with(String address, int length, Map<String, ?> record) {
    byte[] own = InetAddress.ofLiteral(address).getAddress();
    byte[] bytes = new byte[16];
    System.arraycopy(own, 0, bytes, 16 - own.length, own.length);
    int bits = length + (own.length == 4 ? 96 : 0);
    int leaf = -2 - offsets.computeIfAbsent(record, this::write);
    int node = 0;
    for (int i = 0; i < bits; i++) {
      int side = (bytes[i / 8] >> (7 - i % 8)) & 1;
      if (i == bits - 1) {
        nodes.get(node)[side] = leaf;
      } else {
        if (nodes.get(node)[side] == EMPTY) {
          nodes.add(new int[] {EMPTY, EMPTY});
          nodes.get(node)[side] = nodes.size() - 1;
        }
        node = nodes.get(node)[side];
      }
    }
    return this;
  }

  private int write(Map<String, ?> record) {
    int offset = data.size();
    record(record);
    return offset;
  }

  private void record(Map<?, ?> record) {
    data.write(0xe0 | record.size());
    record.forEach((name, value) -> {
      text(data, (String) name);
      switch (value) {
        case String text -> text(data, text);
        case Integer number -> {
          data.write(6 << 5 | 4);
          data.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
        }
        case Double number -> {
          data.write(3 << 5 | 8);
          data.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
        }
        case Map<?, ?> nested -> record(nested);
        case List<?> records -> {
          data.write(records.size());
          data.write(11 - 7); // an array, by its extended type
          records.forEach(one -> record((Map<?, ?>) one));
        }
        default -> throw new IllegalArgumentException("not a value: " + value);
      }
    });
  }

  /** Returns the file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      record(out, node[0]);
      record(out, node[1]);
    }
    out.writeBytes(new byte[16]);
    out.writeBytes(data.toByteArray());
    out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
    out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
    metadata(out);
    return out.toByteArray();
  }

  private void record(ByteArrayOutputStream out, int value) {
    int number =
        value == EMPTY ? nodes.size() : value >= 0 ? value : nodes.size() + 16 + (-2 - value);
    out.write(number >> 16);
    out.write(number >> 8);
    out.write(number);
  }

  private void metadata(ByteArrayOutputStream out) {
    out.write(0xe0 | 9);
    number(out, "binary_format_major_version", 5, 2);
    number(out, "binary_format_minor_version", 5, 0);
    text(out, "build_epoch");
    out.write(4);
    out.write(2); // uint64, extended type 9
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(1_700_000_000 >> shift);
    }
    text(out, "database_type");
    text(out, "Test-Country");
    text(out, "description");
    out.write(0xe0);
    number(out, "ip_version", 5, 6);
    text(out, "languages");
    out.write(0);
    out.write(4); // array, extended type 11, of nothing
    number(out, "node_count", 6, nodes.size());
    number(out, "record_size", 5, 24);
  }

  private static void number(ByteArrayOutputStream out, String name, int type, int value) {
    text(out, name);
    int bytes = type == 5 ? 2 : 4;
    out.write(type << 5 | bytes);
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write(value >> shift);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 29) {
      out.write(2 << 5 | bytes.length);
    } else {
      out.write(2 << 5 | 29);
      out.write(bytes.length - 29);
    }
    out.writeBytes(bytes);
  }
}
