package warmfront.control.store;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import warmfront.snapshot.Seal;

/**
 * All that a database has to remember as a file of JSON lines: a head, a line for each row, and an
 * end by which a file that is cut or was changed is known. What is sealed in the database is sealed
 * in the file. Of the log it has what is there, not how it came about; measurements, maps, and what
 * control processes say to one another are left out.
 */
public final class Archive {
  /** The format that this version writes. */
  static final int FORMAT = 1;

  private static final String KIND = "export of the configuration";

  private static final Set<String> TABLES_LEFT_OUT =
      Set.of("rtt_report", "map_part", "map_edition");

  /** What is true of a process, and what is good once. */
  private static final String PASSING = "type like 'control-%' or type = 'enrolment-token'";

  private static final Map<String, String> CONDITIONS =
      Map.of(
          "resource", "not (" + PASSING + ")",
          "departed", "not (" + PASSING + ")",
          "log_entry", "exists (select 1 from latest t where t.revision = log_entry.revision)");

  private Archive() {}

  /**
   * Writes all that a database has, as it is at one moment; others may use it meanwhile.
   *
   * @param url as of {@link Store#open}
   * @return how many rows
   * @throws IllegalStateException if there is no database, or one of another version
   * @throws StoreUnavailable if it does not answer
   */
  public static long write(String url, OutputStream out) throws IOException {
    try (Database database = Database.existing(url)) {
      Lines lines = new Lines(out);
      Jdbi jdbi = Jdbi.create(database.readers());
      return database.reading(jdbi, handle -> write(handle, database, lines));
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    } catch (JdbiException failed) {
      throw new StoreUnavailable("the database failed: " + failed.getMessage(), failed);
    }
  }

  private static long write(Handle handle, Database database, Lines lines) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("warmfront", KIND);
    head.put("format", (long) FORMAT);
    head.put("schema", database.version().orElseThrow());
    lines.add(json(head));
    Map<String, Table> tables = Table.all(handle);
    tables.keySet().removeAll(TABLES_LEFT_OUT);
    tables.forEach((name, table) ->
        table.forEach(
            handle,
            CONDITIONS.getOrDefault(name, "1 = 1"),
            database.bytewise(),
            row -> lines.add(json(Map.of(name, row)))));
    return lines.end();
  }

  /** Lines on their way to a file. */
  private static final class Lines {
    private final OutputStream out;
    private final MessageDigest digest = sha256();
    private long count = -1;

    Lines(OutputStream out) {
      this.out = out;
    }

    void add(String line) {
      byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
      digest.update(bytes);
      count++;
      try {
        out.write(bytes);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    long end() {
      long rows = count;
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("rows", rows);
      end.put("sha256", HexFormat.of().formatHex(digest.digest()));
      add(json(end));
      return rows;
    }
  }

  /**
   * Fills an empty database with what a file has, all of it or nothing, in an epoch above the
   * file's: every server takes the whole picture anew.
   *
   * @param url as of {@link Store#open}
   * @param sealing the key of the fleet that the file is of
   * @return how many rows
   * @throws IllegalArgumentException if the file is broken, or a newer version's
   * @throws IllegalStateException if the database is not empty, or the key is another one
   * @throws StoreUnavailable if the database does not answer
   */
  public static long read(Path file, String url, SecretKey sealing) throws IOException {
    String schema = check(file);
    try (Database database = Database.at(url, schema)) {
      Seal seal = new Seal(sealing, new SecureRandom());
      long rows =
          Jdbi.create(database.writer())
              .inTransaction(handle -> {
                long read = fill(handle, file);
                requireKey(handle, seal);
                return read;
              });
      database.migrate();
      return rows;
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    } catch (JdbiException failed) {
      throw new StoreUnavailable("the database failed: " + failed.getMessage(), failed);
    }
  }

  /** Reads the whole file before anything is written; returns the version of its schema. */
  private static String check(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String first = lines.readLine();
      Map<String, Object> head = first == null ? Map.of() : object(first);
      if (!KIND.equals(head.get("warmfront"))) {
        throw new IllegalArgumentException("it is no file that export wrote");
      }
      if (!(head.get("format") instanceof Long format) || format > FORMAT) {
        throw new IllegalArgumentException(
            "a newer version of Warmfront wrote it: its format is %s, this program knows %d"
                .formatted(head.get("format"), FORMAT));
      }
      long rows = -1;
      String line = first;
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        rows++;
        line = next;
      }
      Map<String, Object> end = object(String.valueOf(line));
      if (!Long.valueOf(rows).equals(end.get("rows"))
          || !HexFormat.of().formatHex(digest.digest()).equals(end.get("sha256"))) {
        throw new IllegalArgumentException("it is cut, or was changed since it was written");
      }
      return String.valueOf(head.get("schema"));
    } catch (java.nio.charset.CharacterCodingException broken) {
      throw new IllegalArgumentException("it is no text in UTF-8", broken);
    }
  }

  private static long fill(Handle handle, Path file) {
    Map<String, Table> tables = Table.all(handle);
    handle.execute("update head set one = 1 where one = 1");
    requireEmpty(handle, tables);
    handle.execute("delete from head");
    long rows = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.readLine();
      String line = String.valueOf(lines.readLine());
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        insert(handle, tables, object(line));
        rows++;
        line = next;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    handle.execute("update head set epoch = epoch + 1");
    return rows;
  }

  private static void insert(Handle handle, Map<String, Table> tables, Map<String, Object> line) {
    for (Map.Entry<String, Object> one : line.entrySet()) {
      Table table = tables.get(one.getKey());
      if (table == null || !(one.getValue() instanceof Map<?, ?> row)) {
        throw new IllegalArgumentException("there is no table " + one.getKey());
      }
      Map<String, Object> values = new LinkedHashMap<>();
      row.forEach((column, value) -> values.put((String) column, value));
      table.insert(handle, values);
    }
  }

  private static void requireEmpty(Handle handle, Map<String, Table> tables) {
    long revision = handle.select("select revision from head").mapTo(Long.class).one();
    for (String name : tables.keySet()) {
      if (!name.equals("head")) {
        String first = "select 1 from %s limit 1".formatted(name);
        if (revision > 0 || handle.select(first).mapTo(Long.class).findOne().isPresent()) {
          throw new IllegalStateException("the database is not empty; import fills a new one");
        }
      }
    }
  }

  /** Opens everything that is sealed. */
  private static void requireKey(Handle handle, Seal seal) {
    LogTable log = new LogTable(handle, seal);
    List<?> _ = log.picture();
    new SqlTransaction(handle, log, seal, false).requireKey();
    if (Table.all(handle).containsKey("key_value")) { // since version 3 of the schema
      new KeyTable(handle, seal, false).requireKey();
    }
  }

  private static String json(Map<String, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      write(out, object);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    return text.toString();
  }

  private static void write(JsonWriter out, @Nullable Object value) throws IOException {
    switch (value) {
      case Map<?, ?> members -> {
        out.beginObject();
        for (Map.Entry<?, ?> member : members.entrySet()) {
          out.name(String.valueOf(member.getKey()));
          write(out, member.getValue());
        }
        out.endObject();
      }
      case Long number -> out.value(number);
      case null, default -> out.value(String.valueOf(value));
    }
  }

  /** Reads what {@link #json} writes: objects in objects, texts and whole numbers. */
  private static Map<String, Object> object(String line) {
    try (JsonReader in = new JsonReader(new StringReader(line))) {
      in.setStrictness(Strictness.STRICT);
      Map<String, Object> object = members(in);
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("a line has more than one object");
      }
      return object;
    } catch (IOException | IllegalStateException | NumberFormatException | JsonParseException no) {
      throw new IllegalArgumentException("a line of it is no object of JSON", no);
    }
  }

  private static Map<String, Object> members(JsonReader in) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      Object value =
          switch (in.peek()) {
            case BEGIN_OBJECT -> members(in);
            case NUMBER -> in.nextLong();
            default -> in.nextString();
          };
      members.put(name, value);
    }
    in.endObject();
    return members;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
