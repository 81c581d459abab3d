package warmfront.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.api.Annex;
import warmfront.control.api.Annex.Answer;
import warmfront.control.certificate.Authority;
import warmfront.control.identity.EnrolmentTokens;
import warmfront.control.identity.Fleet;
import warmfront.control.identity.RootCaller;
import warmfront.control.identity.Users;
import warmfront.control.store.Kept;
import warmfront.control.store.Store;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.TextRecord;
import warmfront.time.Clock;

/** The texts of the zone, through the fleet's operations. */
final class TextApiTest {
  private static final String NAME = "_acme-challenge.d1.cdn.example.net";

  @TempDir private Path folder;
  private Store store;
  private FleetApi api;

  @BeforeEach
  void start() throws Exception {
    SecretKeySpec sealing = new SecretKeySpec(new byte[32], "AES");
    store = Store.open(Kept.chosen().url(folder), sealing);
    SecureRandom random = new SecureRandom();
    Authority authority = Authority.loadOrMake(folder, sealing, Clock.system(), random);
    Gatehouse gatehouse =
        new Gatehouse(
            store, authority, new EnrolmentTokens(Clock.system(), random), Clock.system());
    api =
        new FleetApi(
            new Fleet(store),
            new Users(store, Clock.system(), random, () -> {}),
            gatehouse,
            List::of,
            new FleetApi.Whereabouts("cdn.example.net", "123456789012", Optional.empty()),
            random);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void texts_are_set_all_at_once_listed_and_removed() {
    assertThat(ask("PUT", "/" + NAME, "value=one%20proof&value=two%26").status()).isEqualTo(200);
    assertThat(ask("PUT", "/_dmarc.CDN.example.net.", "value=v%3DDMARC1").status()).isEqualTo(200);
    assertThat(ask("GET", "", "").body())
        .isEqualTo(
            NAME + "  one proof\n" + NAME + "  two&\n" + "_dmarc.cdn.example.net  v=DMARC1\n");

    assertThat(ask("PUT", "/" + NAME, "value=three").body()).isEqualTo("revision 3\n");
    assertThat(ask("PUT", "/" + NAME, "value=three").body())
        .as("no news")
        .isEqualTo("revision 3\n");
    assertThat(ask("DELETE", "/_dmarc.cdn.example.net", "").body()).isEqualTo("revision 4\n");

    List<Resource> kept = store.read(transaction -> transaction.latest(Kind.TEXT_RECORD));
    assertThat(kept).isEqualTo(List.of(new TextRecord(NAME, List.of("three"))));
    assertThat(ask("DELETE", "/_dmarc.cdn.example.net", "").status()).isEqualTo(409);
  }

  @Test
  void names_elsewhere_and_of_other_things_are_refused() {
    refused("/_acme-challenge.example.net", "value=x", "in the zone cdn.example.net");
    refused("/cdn.example.net", "value=x", "in the zone");
    refused("/_acme-challenge.evilcdn.example.net", "value=x", "in the zone");
    refused("/d1.cdn.example.net", "value=x", "begins with an underscore");
    refused("/_a..cdn.example.net", "value=x", "begins with an underscore");
    refused("/_" + "a".repeat(63) + ".cdn.example.net", "value=x", "begins with an underscore");
    refused("/" + NAME, "text=x", "1 to 8 texts");
    refused("/" + NAME, "value=x&ttl=5", "no setting ttl");
    refused("/" + NAME, "value=" + "x".repeat(256), "at most 255 bytes");
    refused("/" + NAME, "value=" + "%C3%A9".repeat(128), "at most 255 bytes");
    refused("/" + NAME, "value=a%0Ab", "no control characters");
    refused("/" + NAME, "value=x" + "&value=x".repeat(8), "1 to 8 texts");
    assertThat(ask("POST", "/" + NAME, "").status()).isEqualTo(405);
  }

  @Test
  void as_many_and_as_long_texts_as_are_allowed_are_taken() {
    String longest = "value=" + "x".repeat(255);

    Answer answer = ask("PUT", "/" + NAME, longest + ("&" + longest).repeat(7));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(ask("PUT", "/_" + "a".repeat(62) + ".cdn.example.net", "value=").status())
        .isEqualTo(200);
  }

  private void refused(String path, String query, String why) {
    Answer answer = ask("PUT", path, query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains(why);
  }

  private Answer ask(String method, String path, String query) {
    return api.answer(
            RootCaller.of(store), new Annex.Request(method, "/fleet/texts" + path, query, ""))
        .orElseThrow();
  }
}
