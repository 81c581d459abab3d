package warmfront.routing.place;

import com.maxmind.db.CHMCache;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which autonomous system announces an address: a file in MaxMind's DB format whose records have
 * {@code autonomous_system_number}, or text with {@code FIRST,LAST,NUMBER} in each line, as the
 * ip-location-db packages have it; what follows the number is not looked at.
 */
public final class SystemDatabase {
  /** Takes ranges of addresses, in ascending order, IPv4 before IPv6. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes one range: its first address, its last one, and the number of its system. */
    void range(InetAddress first, InetAddress last, int number);
  }

  private static final int LINE_CHARACTERS_MAX = 1024;

  private SystemDatabase() {}

  /**
   * Shows all ranges of a file.
   *
   * @throws IOException if it cannot be read or is not of either form; text is named by its line
   */
  public static void forEach(Path file, Visitor visitor) throws IOException {
    if (file.toString().endsWith(".mmdb")) {
      try (Reader reader = new Reader(file.toFile(), new CHMCache())) {
        NetworkWalk.forEach(
            reader,
            Entry.class,
            (address, length, entry) -> {
              if (entry.number > 0) {
                visitor.range(address, last(address, length), entry.number);
              }
            });
      }
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          show(line, visitor);
        } catch (IllegalArgumentException malformed) {
          throw new IOException(
              "%s, line %d: %s".formatted(file, number, malformed.getMessage()), malformed);
        }
      }
    }
  }

  private static void show(String line, Visitor visitor) {
    String[] parts = line.split(",", 4);
    if (line.length() > LINE_CHARACTERS_MAX
        || parts.length < 3
        || !parts[2].matches("[0-9]{1,10}")) {
      throw new IllegalArgumentException("not FIRST,LAST,NUMBER");
    }
    long number = Long.parseLong(parts[2]);
    if (number > 0 && number <= Integer.MAX_VALUE) {
      visitor.range(InetAddress.ofLiteral(parts[0]), InetAddress.ofLiteral(parts[1]), (int) number);
    }
  }

  private static InetAddress last(InetAddress first, int length) {
    byte[] bytes = first.getAddress();
    for (int bit = length; bit < bytes.length * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 or 16 bytes are an address", impossible);
    }
  }

  /** What a record says. Public because the reader makes it by reflection. */
  public static final class Entry {
    private final int number;

    /** Takes a record. */
    @MaxMindDbConstructor
    public Entry(@MaxMindDbParameter(name = "autonomous_system_number") @Nullable Long number) {
      this.number = number == null || number > Integer.MAX_VALUE ? 0 : number.intValue();
    }
  }
}
