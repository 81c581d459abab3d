package warmfront.control.store;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * A table of the schema as the database itself describes it, so that what a later version adds is
 * neither forgotten nor named twice.
 *
 * @param name its name
 * @param columns in their order
 * @param key the names of the columns of its primary key, in their order
 */
record Table(String name, Map<String, Form> columns, List<String> key) {
  /** What a column holds. */
  enum Form {
    TEXT,
    NUMBER,
    /** In files as Base64. */
    BYTES;

    private static Form of(String type) {
      return switch (type.toLowerCase(Locale.ROOT)) {
        case "text" -> TEXT;
        case "bytea" -> BYTES;
        case "bigint", "integer", "smallint", "int8", "int4", "int2" -> NUMBER;
        default -> throw new IllegalStateException("no column of ours is a " + type);
      };
    }
  }

  /** Returns the tables of the schema by name, but for the one with its versions. */
  static Map<String, Table> all(Handle handle) {
    Map<String, Table> tables = new TreeMap<>();
    try {
      DatabaseMetaData about = handle.getConnection().getMetaData();
      String schema = handle.getConnection().getSchema();
      try (ResultSet row = about.getTables(null, schema, "%", new String[] {"TABLE"})) {
        while (row.next()) {
          String name = row.getString("TABLE_NAME");
          if (!name.equals(Database.VERSIONS)) {
            tables.put(
                name, new Table(name, columns(about, schema, name), key(about, schema, name)));
          }
        }
      }
      return tables;
    } catch (SQLException failed) {
      throw new StoreUnavailable("the database does not say what it has", failed);
    }
  }

  private static Map<String, Form> columns(
      DatabaseMetaData about, @Nullable String schema, String table) throws SQLException {
    Map<Integer, Map.Entry<String, Form>> inOrder = new TreeMap<>();
    try (ResultSet row = about.getColumns(null, schema, table, "%")) {
      while (row.next()) {
        inOrder.put(
            row.getInt("ORDINAL_POSITION"),
            Map.entry(row.getString("COLUMN_NAME"), Form.of(row.getString("TYPE_NAME"))));
      }
    }
    Map<String, Form> columns = new LinkedHashMap<>();
    inOrder.values().forEach(column -> columns.put(column.getKey(), column.getValue()));
    return columns;
  }

  private static List<String> key(DatabaseMetaData about, @Nullable String schema, String table)
      throws SQLException {
    Map<Integer, String> key = new TreeMap<>();
    try (ResultSet row = about.getPrimaryKeys(null, schema, table)) {
      while (row.next()) {
        key.put(row.getInt("KEY_SEQ"), row.getString("COLUMN_NAME"));
      }
    }
    return new ArrayList<>(key.values());
  }

  /**
   * Gives all rows that a condition holds for, in the order of the primary key: of texts by their
   * bytes, whatever the database sorts by.
   */
  void forEach(Handle handle, String condition, String bytewise, Consumer<Map<String, Object>> to) {
    String order =
        key.stream()
            .map(column -> column + (columns.get(column) == Form.TEXT ? bytewise : ""))
            .collect(Collectors.joining(", "));
    handle
        .select("select * from %s where %s order by %s".formatted(name, condition, order))
        .setFetchSize(100)
        .map((row, _) -> values(row))
        .forEach(to);
  }

  /** Returns what is not null. */
  private Map<String, Object> values(ResultSet row) throws SQLException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Form> column : columns.entrySet()) {
      Object value =
          switch (column.getValue()) {
            case TEXT -> row.getString(column.getKey());
            case NUMBER -> row.getLong(column.getKey());
            case BYTES -> base64(row.getBytes(column.getKey()));
          };
      if (!row.wasNull() && value != null) {
        values.put(column.getKey(), value);
      }
    }
    return values;
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if a value is none of its column, or of no column
   */
  void insert(Handle handle, Map<String, Object> values) {
    if (!columns.keySet().containsAll(values.keySet())) {
      throw new IllegalArgumentException("%s has no %s".formatted(name, values.keySet()));
    }
    String names = String.join(", ", columns.keySet());
    String places = columns.keySet().stream().map(c -> ":" + c).collect(Collectors.joining(", "));
    try (Update insert =
        handle.createUpdate("insert into %s (%s) values (%s)".formatted(name, names, places))) {
      columns.forEach((column, form) -> bind(insert, column, form, values.get(column)));
      insert.execute();
    } catch (ClassCastException other) {
      throw new IllegalArgumentException("a row of %s is none".formatted(name), other);
    }
  }

  private static void bind(Update insert, String column, Form form, @Nullable Object value) {
    switch (form) {
      case TEXT -> insert.bind(column, (String) value);
      case NUMBER -> insert.bind(column, (Long) value);
      case BYTES ->
          insert.bind(column, value == null ? null : Base64.getDecoder().decode((String) value));
    }
  }
}
