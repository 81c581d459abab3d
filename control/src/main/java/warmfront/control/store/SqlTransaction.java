package warmfront.control.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.Seal;
import warmfront.snapshot.Snapshot;

/** A transaction over one connection. Confined to the transaction's thread. */
final class SqlTransaction implements Transaction {
  private final Handle handle;
  private final LogTable log;
  private final Seal seal;
  private final boolean writes;

  SqlTransaction(Handle handle, LogTable log, Seal seal, boolean writes) {
    this.handle = handle;
    this.log = log;
    this.seal = seal;
    this.writes = writes;
  }

  @Override
  public Optional<Row> find(String type, String id) {
    return handle
        .select("select * from resource where type = ? and id = ?", type, id)
        .map(this::row)
        .findOne();
  }

  @Override
  public List<Row> page(String type, String parent, Optional<String> afterId, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("a page has at least one row: " + max);
    }
    long before = Long.MAX_VALUE;
    if (afterId.isPresent()) {
      OptionalLong place = place(type, afterId.get());
      if (place.isEmpty()) {
        return List.of();
      }
      before = place.getAsLong();
    }
    return handle
        .select(
            "select * from resource where type = ? and parent = ? and place < ?"
                + " order by place desc limit ?",
            type,
            parent,
            before,
            max)
        .map(this::row)
        .list();
  }

  @Override
  public long count(String type, String parent) {
    return handle
        .select("select count(*) from resource where type = ? and parent = ?", type, parent)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long count(String type, String parent, String status) {
    return handle
        .select(
            "select count(*) from resource where type = ? and status = ? and parent = ?",
            type,
            status,
            parent)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public List<Row> withStatus(String type, String status) {
    return handle
        .select("select * from resource where type = ? and status = ? order by place", type, status)
        .map(this::row)
        .list();
  }

  @Override
  public List<Row> withStatus(String type, String status, String parent) {
    return handle
        .select(
            "select * from resource where type = ? and status = ? and parent = ? order by place",
            type,
            status,
            parent)
        .map(this::row)
        .list();
  }

  @Override
  public List<Row> withStatus(String type, String status, long upTo) {
    return handle
        .select(
            "select * from resource where type = ? and status = ? and revision <= ?"
                + " order by revision",
            type,
            status,
            upTo)
        .map(this::row)
        .list();
  }

  @Override
  public void insert(Row row) {
    requireWriting();
    if (find(row.type(), row.id()).isPresent()) {
      throw new IllegalStateException("there is a %s %s".formatted(row.type(), row.id()));
    }
    handle.execute("update head set place = place + 1");
    handle.execute("delete from departed where type = ? and id = ?", row.type(), row.id());
    bind(
            handle.createUpdate(
                "insert into resource (type, id, parent, status, etag, created, modified,"
                    + " revision, body, place) values (:type, :id, :parent, :status, :etag,"
                    + " :created, :modified, :revision, :body, (select place from head))"),
            row)
        .execute();
  }

  @Override
  public void update(Row row) {
    requireWriting();
    int changed =
        bind(
                handle.createUpdate(
                    "update resource set parent = :parent, status = :status, etag = :etag,"
                        + " created = :created, modified = :modified, revision = :revision,"
                        + " body = :body where type = :type and id = :id"),
                row)
            .execute();
    requireOne(changed, row.type(), row.id());
  }

  @Override
  public void delete(String type, String id) {
    requireWriting();
    handle.execute(
        "insert into departed (type, id, place) select type, id, place from resource"
            + " where type = ? and id = ?",
        type,
        id);
    requireOne(
        handle.execute("delete from resource where type = ? and id = ?", type, id), type, id);
  }

  @Override
  public Optional<String> claim(String scope, String key, String owner) {
    requireWriting();
    Optional<String> existing = owner(scope, key);
    if (existing.isEmpty()) {
      handle.execute("insert into claim (scope, name, owner) values (?, ?, ?)", scope, key, owner);
    }
    return existing;
  }

  @Override
  public Optional<String> owner(String scope, String key) {
    return handle
        .select("select owner from claim where scope = ? and name = ?", scope, key)
        .mapTo(String.class)
        .findOne();
  }

  @Override
  public long claims(String scope) {
    return handle
        .select("select count(*) from claim where scope = ?", scope)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void release(String scope, String key) {
    requireWriting();
    handle.execute("delete from claim where scope = ? and name = ?", scope, key);
  }

  @Override
  public void releaseAll(String scope, String owner) {
    requireWriting();
    handle.execute("delete from claim where scope = ? and owner = ?", scope, owner);
  }

  @Override
  public Map<String, String> tags(String arn) {
    // Sorted here: the databases differ in how they sort text.
    Map<String, String> tags = new TreeMap<>();
    handle
        .select("select name, value from tag where arn = ?", arn)
        .map((row, _) -> Map.entry(row.getString("name"), row.getString("value")))
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
    return Collections.unmodifiableMap(tags);
  }

  @Override
  public List<String> tagged() {
    // Sorted here, as tags are.
    return handle.select("select distinct arn from tag").mapTo(String.class).list().stream()
        .sorted()
        .toList();
  }

  @Override
  public void tag(String arn, Map<String, String> tags) {
    untag(arn, tags.keySet());
    tags.forEach((name, value) ->
        handle.execute("insert into tag (arn, name, value) values (?, ?, ?)", arn, name, value));
  }

  @Override
  public void untag(String arn, Collection<String> keys) {
    requireWriting();
    keys.forEach(key -> handle.execute("delete from tag where arn = ? and name = ?", arn, key));
  }

  @Override
  public long append(Kind kind, String id, Optional<Resource> value) {
    requireWriting();
    return log.append(kind, id, value);
  }

  @Override
  public Optional<Resource> latest(Kind kind, String id) {
    return log.latest(kind, id);
  }

  @Override
  public List<Resource> latest(Kind kind) {
    return log.latest(kind);
  }

  @Override
  public List<Snapshot.Versioned> versioned(Kind kind) {
    return log.versioned(kind);
  }

  @Override
  public OptionalLong latestRevision(Kind kind, String id) {
    return log.latestRevision(kind, id);
  }

  @Override
  public long head() {
    return log.revision();
  }

  @Override
  public KeyTable keys() {
    return new KeyTable(handle, seal, writes);
  }

  @Override
  public MarkTable marks() {
    requireWriting();
    return new MarkTable(handle);
  }

  @Override
  public MapTable maps() {
    return new MapTable(handle, writes);
  }

  /**
   * Opens all rows.
   *
   * @throws IllegalStateException if the key does not open one; says which
   */
  void requireKey() {
    handle.select("select * from resource").map(this::row).forEach(_ -> {});
  }

  private OptionalLong place(String type, String id) {
    List<Long> places =
        handle
            .select(
                "select place from resource where type = ? and id = ?"
                    + " union all select place from departed where type = ? and id = ?",
                type,
                id,
                type,
                id)
            .mapTo(Long.class)
            .list();
    return places.isEmpty() ? OptionalLong.empty() : OptionalLong.of(places.getFirst());
  }

  private void requireWriting() {
    if (!writes) {
      throw new IllegalStateException("this transaction only reads");
    }
  }

  private static void requireOne(int changed, String type, String id) {
    if (changed != 1) {
      throw new IllegalStateException("there is no %s %s".formatted(type, id));
    }
  }

  private Update bind(Update update, Row row) {
    return update
        .bind("type", row.type())
        .bind("id", row.id())
        .bind("parent", row.parent())
        .bind("status", row.status())
        .bind("etag", row.etag())
        .bind("created", row.created().toEpochMilli())
        .bind("modified", row.modified().toEpochMilli())
        .bind("revision", row.revision())
        .bind(
            "body",
            seal.seal(row.body().getBytes(StandardCharsets.UTF_8), context(row.type(), row.id())));
  }

  private Row row(ResultSet from, StatementContext context) throws SQLException {
    String type = from.getString("type");
    String id = from.getString("id");
    byte[] body =
        seal.open(from.getBytes("body"), context(type, id))
            .orElseThrow(() ->
                new IllegalStateException(
                    "the key that seals (secretKeyFile) does not open the %s %s; is it the fleet's?"
                        .formatted(type, id)));
    return new Row(
        type,
        id,
        from.getString("parent"),
        from.getString("status"),
        from.getString("etag"),
        Instant.ofEpochMilli(from.getLong("created")),
        Instant.ofEpochMilli(from.getLong("modified")),
        from.getLong("revision"),
        new String(body, StandardCharsets.UTF_8));
  }

  private static String context(String type, String id) {
    return "resource/" + type + "/" + id;
  }
}
