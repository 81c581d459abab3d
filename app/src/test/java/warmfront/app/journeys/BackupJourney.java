package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.signing.Credentials;

/** Promise: one file has the whole configuration, and another machine goes on with it. */
final class BackupJourney {
  @TempDir private static Path folder;

  @Test
  @Tag("full")
  void what_was_exported_while_it_ran_is_there_where_it_is_imported() throws Exception {
    Path file = folder.resolve("backup.jsonl");
    Path second = Files.createDirectories(folder.resolve("second/data"));
    Credentials key;
    Api.Made made;
    String etag;
    try (Warmfront warmfront =
        Warmfront.up(Files.createDirectory(folder.resolve("first")), Map.of())) {
      key = warmfront.key();
      try (Api api = new Api(warmfront.callApi())) {
        made = api.createDistribution(Api.plain("backup", 80));
        etag = api.call("GET", "distribution/" + made.id(), "").etag().orElseThrow();
      }

      // when it is exported while it runs, and imported elsewhere
      String data = warmfront.data().toString();
      assertThat(said(warmfront.run("export", file.toString(), "--data", data)))
          .matches("(?s).*backup.jsonl written: [0-9]+ rows\n");
      assertThat(failure(warmfront.run("import", file.toString(), "--data", second.toString())))
          .contains("second/data/secret.key");
      Files.copy(warmfront.data().resolve("secret.key"), second.resolve("secret.key"));
      assertThat(said(warmfront.run("import", file.toString(), "--data", second.toString())))
          .matches("(?s).*backup.jsonl read: [0-9]+ rows\n");
      assertThat(failure(warmfront.run("import", file.toString(), "--data", second.toString())))
          .contains("the database is not empty");
      assertThat(failure(warmfront.run("import", file.toString(), "--data", data)))
          .contains("held by another process");
    }

    // then it is the same fleet there
    try (Warmfront warmfront = Warmfront.up(folder.resolve("second"), Map.of());
        Api api = new Api(warmfront.callApi())) {
      assertThat(warmfront.key()).isEqualTo(key);
      Api.Answer there = api.call("GET", "distribution/" + made.id(), "");
      assertThat(there.etag()).contains(etag);
      assertThat(there.text("DomainName")).isEqualTo(made.domainName());
      assertThat(warmfront.sigterm()).isZero();
    }
  }

  private static String said(Program program) throws Exception {
    try (program) {
      String said = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      assertThat(program.stderr()).isEmpty();
      return said;
    }
  }

  private static String failure(Program program) throws Exception {
    try (program) {
      assertThat(program.exit()).isEqualTo(1);
      return program.stderr();
    }
  }
}
