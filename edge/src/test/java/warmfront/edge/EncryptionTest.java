package warmfront.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.noCaching;

import java.io.IOException;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.distribution.PublicKey;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.encryption.Application;
import warmfront.edge.log.Counters;
import warmfront.edge.step.Reason;
import warmfront.snapshot.Subscriber.Verdict;

/** Field-level encryption over real sockets. */
final class EncryptionTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Application APPLICATION = new Application();
  private static final String P256 =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElqPbdHbZC0JmdsIg9L1BCTlwT8aV"
          + "Z6+s30YtKlXz4qaCk/m6XLRq8BETyoVt7HMSESZN7Iglz0FKFKHerbfgNg==";

  private final AtomicReference<String> body = new AtomicReference<>("");
  @AutoClose private final LiveEdge live;

  private final Path data;

  EncryptionTest(@TempDir Path data) throws IOException {
    this.data = data;
    live =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(16L << 20), List.of(), 0, 0),
                Visits.FRA)
            .serving(List.of(noCaching("N")), behavior("*", "N", ViewerProtocol.ALLOW_ALL, ALL));
    live.origin.on(
        "/",
        exchange -> {
          body.set(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          ScriptedOrigin.answer(exchange, 200, "taken");
        });
  }

  private void encrypting() {
    assertThat(live.change(new PublicKey("K", APPLICATION.publicKey())))
        .isEqualTo(new Verdict.Applied());
    live.change(profile("P", "card*"));
    live.change(
        new FieldLevelEncryptionConfig(
            "F",
            new FieldLevelEncryptionConfig.ByType(Map.of(FORM, Optional.of("P")), false),
            Optional.empty()));
    assertThat(live.change(site())).isEqualTo(new Verdict.Applied());
  }

  private FieldLevelEncryptionProfile profile(String id, String... patterns) {
    return new FieldLevelEncryptionProfile(
        id,
        List.of(
            new FieldLevelEncryptionProfile.Entity(
                "K", APPLICATION.keyName(), APPLICATION.provider(), List.of(patterns))));
  }

  private Distribution site() {
    Behavior plain = behavior("*", "N", ViewerProtocol.ALLOW_ALL, ALL);
    return Pictures.distribution(
        "EA",
        List.of(LiveEdge.HOST),
        Pictures.origin("origin.test", live.origin.port()),
        plain.withOptions(
            new Behavior.Options(
                Optional.empty(),
                Optional.empty(),
                Optional.of("F"),
                Behavior.Signers.NONE,
                Set.of())));
  }

  private Answer post(String form, String... fields) throws IOException {
    String[] all = new String[fields.length + 2];
    all[0] = "Content-Type";
    all[1] = FORM;
    System.arraycopy(fields, 0, all, 2, fields.length);
    return live.visitor().ask("POST", "/pay", form, all);
  }

  private String decrypted(String field) {
    for (String pair : body.get().split("&", -1)) {
      if (pair.startsWith(field + "=")) {
        String value = URLDecoder.decode(pair.substring(field.length() + 1), ISO_8859_1);
        return new String(APPLICATION.decrypted(value), ISO_8859_1);
      }
    }
    throw new AssertionError("no field " + field + " in " + body.get());
  }

  @Test
  void the_origin_gets_the_named_fields_encrypted_and_the_new_length() throws IOException {
    encrypting();

    Answer answer =
        post("name=Ann&cardNumber=4111+1111&cardName=A", "Content-MD5", "made-of-other-bytes");

    assertThat(answer.body()).isEqualTo("taken");
    assertThat(body.get()).startsWith("name=Ann&cardNumber=").doesNotContain("4111");
    assertThat(decrypted("cardNumber")).isEqualTo("4111 1111");
    assertThat(decrypted("cardName")).isEqualTo("A");
    assertThat(live.origin.asked.getFirst())
        .contains("Content-length=[" + body.get().length() + "]")
        .doesNotContainIgnoringCase("Content-MD5");
  }

  @Test
  void a_form_in_chunks_is_encrypted_too() throws IOException {
    encrypting();
    try (Socket socket = live.visitor().connect()) {
      List<String> lines =
          List.of(
              "PUT /pay HTTP/1.1",
              "Host: " + LiveEdge.HOST,
              "Content-Type: " + FORM,
              "Transfer-Encoding: chunked",
              "Connection: close",
              "",
              "7",
              "card=41",
              "2",
              "11",
              "0",
              "",
              "");
      socket.getOutputStream().write(String.join("\r\n", lines).getBytes(ISO_8859_1));

      assertThat(Visitor.read(socket, "PUT").status()).isEqualTo(200);
    }
    assertThat(decrypted("card")).isEqualTo("4111");
  }

  @Test
  void a_form_of_1_MiB_is_taken_and_one_byte_more_is_not() throws IOException {
    encrypting();
    String most = "card=1&a=" + "x".repeat((1 << 20) - 9);

    assertThat(post(most).status()).isEqualTo(200);
    assertThat(decrypted("card")).isEqualTo("1");
    try (Socket socket = live.visitor().connect()) {
      String head =
          "POST /pay HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(LiveEdge.HOST, FORM, most.length() + 1);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      Answer tooLong = Visitor.read(socket, "POST");

      assertThat(tooLong.status()).isEqualTo(400);
      assertThat(tooLong.body()).contains("at most 1048576 bytes");
    }
    assertThat(live.origin.asked).hasSize(1);
  }

  @Test
  void what_is_refused_says_why_and_never_reaches_the_origin() throws IOException {
    encrypting();

    Answer malformed = post("card=%zz");
    Answer coded = post("card=1", "Content-Encoding", "gzip");
    Answer other = live.visitor().ask("POST", "/pay", "{}", "Content-Type", "application/json");
    live.awaitFinished(3);

    assertThat(malformed.status()).isEqualTo(400);
    assertThat(malformed.body()).contains("percent sign");
    assertThat(coded.body()).contains("Content-Encoding");
    assertThat(other.body()).contains("Content-Type");
    assertThat(live.origin.asked).isEmpty();
    assertThat(live.edge().counters().requests().refused())
        .contains(new Counters.Refusals("FRA", Reason.FORM_REFUSED, 3));
  }

  @Test
  void what_has_no_form_is_none_of_its_business() throws IOException {
    encrypting();

    assertThat(live.visitor().get("/a").status()).isEqualTo(200);
    assertThat(live.visitor().ask("PATCH", "/a", "card=1", "Content-Type", FORM).status())
        .isEqualTo(200);
    assertThat(body.get()).isEqualTo("card=1");
    assertThat(live.visitor().ask("POST", "/a", "", "Content-Type", FORM).status()).isEqualTo(200);
  }

  @Test
  void a_profile_that_changes_is_obeyed_and_one_for_a_key_of_another_kind_is_not()
      throws IOException {
    encrypting();
    live.change(profile("P", "pin"));

    post("card=1&pin=2");

    assertThat(body.get()).startsWith("card=1&pin=");
    assertThat(decrypted("pin")).isEqualTo("2");
    assertThat(live.change(new PublicKey("K", P256))).isInstanceOf(Verdict.Rejected.class);
  }

  @Test
  void the_access_log_says_what_became_of_each() throws IOException {
    live.origin.says("/down", 503, "");
    encrypting();

    post("card=1&cardName=2");
    post("card=%");
    live.visitor().ask("POST", "/down", "card=1", "Content-Type", FORM);
    live.visitor().ask("POST", "/pay", "", "Content-Type", FORM);
    live.awaitFinished(4);
    live.edge().close();

    assertThat(rows().map(row -> row.split("\t", -1)).map(row -> row[24] + " " + row[25]))
        .containsExactlyInAnyOrder(
            "Processed 2", "MalformedInputClientError 0", "ServerError 1", "- -");
  }

  private Stream<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> files = Files.walk(data.resolve("logs"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".gz")).toList()) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          rows.addAll(new String(in.readAllBytes(), ISO_8859_1).lines().toList());
        }
      }
    }
    return rows.stream().filter(row -> !row.startsWith("#"));
  }
}
