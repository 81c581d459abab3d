package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.control.store.KeyTable.Pair;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;

/** What was configured goes into a file, and out of it into another database. */
final class ArchiveTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00.123Z");

  @TempDir private Path folder;
  private Path from;
  private Path to;
  private Path file;

  @BeforeEach
  void folders() throws IOException {
    from = Files.createDirectory(folder.resolve("from"));
    to = Files.createDirectory(folder.resolve("to"));
    file = folder.resolve("export.jsonl");
  }

  @ParameterizedTest
  @CsvSource({"SQLITE,POSTGRESQL", "POSTGRESQL,SQLITE", "SQLITE,SQLITE", "POSTGRESQL,POSTGRESQL"})
  void what_a_database_has_goes_into_another_and_comes_out_the_same(Kept one, Kept other)
      throws IOException {
    fill(one.url(from));
    List<String> first = export(one.url(from));

    long rows = Archive.read(file, other.url(to), KEY);
    List<String> second = export(other.url(to));

    assertThat(rows).isEqualTo(first.size() - 2);
    assertThat(configured(second)).isEqualTo(configured(first));
    assertThat(head(first)).contains("\"epoch\":1,\"revision\":5,");
    assertThat(head(second)).isEqualTo(head(first).replace("\"epoch\":1,", "\"epoch\":2,"));
    try (Store before = Store.open(one.url(from), KEY);
        Store after = Store.open(other.url(to), KEY)) {
      assertThat(after.<Object>read(ArchiveTest::seen)).isEqualTo(before.read(ArchiveTest::seen));
      assertThat(after.picture().entries()).isEqualTo(before.picture().entries());
      assertThat(after.head())
          .isEqualTo(new LogHead(2, before.head().revision(), before.head().chain()));
      assertThat(after.<List<Row>>read(tx -> tx.withStatus("control-process", "Here"))).isEmpty();
      assertThat(after.<Optional<Row>>read(tx -> tx.find("enrolment-token", "t"))).isEmpty();
      assertThat(after.<MapTable.Oldest>read(tx -> tx.maps().oldestReports(1)).reports()).isEmpty();
      assertThat(after.<Long>write(tx -> tx.append(Kind.PUBLICATION, "E9", Optional.empty())))
          .isEqualTo(6);
    }
  }

  @Test
  void nothing_that_is_secret_is_in_the_file_and_what_is_not_can_be_read() throws IOException {
    fill(Kept.SQLITE.url(from));

    String text = String.join("\n", export(Kept.SQLITE.url(from)));

    assertThat(text)
        .doesNotContain("hidden")
        .contains("\"id\":\"E1\"", "\"status\":\"Deployed\"", "\"etag\":\"etag-1\"")
        .contains("{\"tag\":{\"arn\":\"arn:1\",\"name\":\"B\",\"value\":\"two\\nlines\"}}")
        .contains("{\"claim\":{\"scope\":\"alias\",\"name\":\"a.example\",\"owner\":\"E1\"}}");
  }

  @Test
  void a_database_in_use_is_written_as_it_is_at_one_moment() throws IOException {
    String url = Kept.SQLITE.url(from);
    fill(url);
    try (Store running = Store.open(url, KEY)) {
      List<String> first = export(url);
      running.write(tx -> tx.append(Kind.PUBLICATION, "E5", Optional.empty()));

      assertThat(export(url)).isNotEqualTo(first);
      assertThat(running.head().revision()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_file_that_is_cut_changed_or_none_is_refused_and_nothing_is_kept(Kept kept)
      throws IOException {
    fill(Kept.SQLITE.url(from));
    List<String> whole = export(Kept.SQLITE.url(from));
    List<String> cut = whole.subList(0, whole.size() - 1);
    List<String> shorter = new ArrayList<>(whole);
    shorter.remove(3);
    List<String> changed = whole.stream().map(line -> line.replace("etag-1", "etag-2")).toList();

    for (List<String> broken : List.of(cut, shorter, changed)) {
      Files.write(file, broken);
      assertThatThrownBy(() -> Archive.read(file, kept.url(to), KEY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cut, or was changed");
    }
    for (byte[] none : List.of(new byte[0], "{}\n".getBytes(StandardCharsets.UTF_8))) {
      Files.write(file, none);
      assertThatThrownBy(() -> Archive.read(file, kept.url(to), KEY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no file that export wrote");
    }
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
    assertThatThrownBy(() -> Archive.read(file, kept.url(to), KEY))
        .isInstanceOf(IllegalArgumentException.class);
    Files.write(file, whole);
    assertThat(Archive.read(file, kept.url(to), KEY)).isEqualTo(whole.size() - 2);
  }

  @ParameterizedTest
  @EnumSource
  void what_fails_half_way_leaves_nothing_behind(Kept kept) throws IOException {
    fill(Kept.SQLITE.url(from));
    List<String> whole = export(Kept.SQLITE.url(from));
    Files.write(file, sealed(whole, line -> line.replace("{\"tag\":", "{\"stranger\":")));

    assertThatThrownBy(() -> Archive.read(file, kept.url(to), KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stranger");
    Files.write(file, whole);
    assertThatThrownBy(
            () -> Archive.read(file, kept.url(to), new SecretKeySpec(new byte[16], "AES")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not open");

    assertThat(Archive.read(file, kept.url(to), KEY)).isEqualTo(whole.size() - 2);
  }

  @ParameterizedTest
  @EnumSource
  void a_database_that_has_something_is_not_touched(Kept kept) throws IOException {
    fill(Kept.SQLITE.url(from));
    export(Kept.SQLITE.url(from));
    try (Store store = Store.open(kept.url(to), KEY)) {
      store.write(tx -> tx.append(Kind.PUBLICATION, "E1", Optional.empty()));
    }

    assertThatThrownBy(() -> Archive.read(file, kept.url(to), KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not empty");
    try (Store store = Store.open(kept.url(to), KEY)) {
      assertThat(store.head().epoch()).isEqualTo(1);
      assertThat(store.<Map<String, String>>read(tx -> tx.tags("arn:1"))).isEmpty();
    }
  }

  @Test
  void a_newer_version_s_file_is_refused_and_an_older_one_s_is_brought_up_to_date()
      throws IOException {
    fill(Kept.SQLITE.url(from));
    List<String> whole = export(Kept.SQLITE.url(from));
    String url = Kept.SQLITE.url(to);

    Files.write(file, sealed(whole, line -> line.replace("\"format\":1", "\"format\":2")));
    assertThatThrownBy(() -> Archive.read(file, url, KEY)).hasMessageContaining("newer version");
    Files.write(file, sealed(whole, line -> line.replace("\"schema\":\"5\"", "\"schema\":\"9\"")));
    assertThatThrownBy(() -> Archive.read(file, url, KEY)).hasMessageContaining("newer version");

    List<String> older = new ArrayList<>(whole);
    older.removeIf(line -> line.startsWith("{\"key_value\""));
    Files.write(file, sealed(older, line -> line.replace("\"schema\":\"5\"", "\"schema\":\"2\"")));
    Archive.read(file, url, KEY);
    try (Store store = Store.open(url, KEY)) {
      assertThat(store.<List<Pair>>read(tx -> tx.keys().page("s", "", 9))).isEmpty();
      assertThat(store.head().epoch()).isEqualTo(2);
    }
  }

  @Test
  void a_database_that_is_not_there_is_not_made() {
    String url = Kept.SQLITE.url(from);

    assertThatThrownBy(() -> Archive.write(url, new ByteArrayOutputStream()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no database");
    assertThat(Path.of(url)).doesNotExist();
  }

  private static void fill(String url) {
    try (Store store = Store.open(url, KEY)) {
      store.write(tx -> {
        tx.insert(row("E1", "", "hidden"));
        tx.insert(row("E2", "", ""));
        tx.insert(row("child", "E1", "<é/>"));
        tx.insert(new Row("control-process", "p", "", "Here", "", NOON, NOON, 1, ""));
        tx.insert(new Row("enrolment-token", "t", "", "", "", NOON, NOON, 0, "edge-1"));
        tx.claim("alias", "a.example", "E1");
        tx.tag(
            "arn:1", Map.of("b", "", "B", "two\nlines", "é", "\"ü\"", "a", "\u2028\ud83d\ude00"));
        tx.keys().put("s", new Pair("k", "hidden"));
        tx.keys().put("s", new Pair("K", ""));
        tx.maps()
            .addReports(List.of(new MapTable.Waiting("e", "FRA", ByteBuffer.allocate(8))), 9999);
        tx.append(
            Kind.HEARTBEAT_KEY, "1", Optional.of(new HeartbeatKey("1", "A".repeat(43) + "=")));
        tx.append(Kind.PUBLICATION, "E1", publication("E1"));
        return tx.append(Kind.PUBLICATION, "E2", publication("E2"));
      });
      store.write(tx -> {
        tx.delete("distribution", "E2");
        tx.append(Kind.PUBLICATION, "E2", Optional.empty());
        return tx.append(Kind.PUBLICATION, "E1", publication("E1"));
      });
    }
  }

  private static Row row(String id, String parent, String body) {
    return new Row(
        "distribution", id, parent, "Deployed", "etag-1", NOON, NOON.plusSeconds(1), 2, body);
  }

  private static Optional<warmfront.distribution.Resource> publication(String id) {
    return Optional.of(
        new Publication(id, "d1.example", true, List.of(), false, Publication.Terms.USUAL));
  }

  private static Object seen(Transaction tx) {
    return List.of(
        tx.page("distribution", "", Optional.empty(), 9),
        tx.page("distribution", "", Optional.of("E2"), 9),
        tx.page("distribution", "E1", Optional.empty(), 9),
        tx.tags("arn:1"),
        tx.owner("alias", "a.example"),
        tx.keys().get("s", "k"),
        tx.keys().get("s", "K"),
        tx.latest(Kind.HEARTBEAT_KEY),
        tx.latest(Kind.PUBLICATION));
  }

  private List<String> export(String url) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rows = Archive.write(url, out);
    Files.write(file, out.toByteArray());
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize((int) rows + 2);
    return lines;
  }

  private static String head(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("{\"head\":")).findFirst().orElseThrow();
  }

  /** All but the head, which has the epoch, and the end, which has the digest. */
  private static List<String> configured(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.startsWith("{\"head\":") && !line.startsWith("{\"rows\":"))
        .toList();
  }

  /** Changes lines and says in the end what the digest is then. */
  private static List<String> sealed(List<String> lines, UnaryOperator<String> change) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<String> changed =
          new ArrayList<>(lines.stream().limit(lines.size() - 1L).map(change).toList());
      changed.forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
      changed.add(
          "{\"rows\":%d,\"sha256\":\"%s\"}"
              .formatted(changed.size() - 1, HexFormat.of().formatHex(digest.digest())));
      return changed;
    } catch (java.security.NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
