package warmfront.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.Store;
import warmfront.time.ManualClock;

/** Users, their keys, and how soon a change of them counts. */
final class UsersTest {
  private static final AccessKey ROOT = new AccessKey("AKIAROOT", "secret-of-root");
  private static final Grants READER = new Grants(List.of("CloudFrontReadOnlyAccess"), none());

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T12:00:00Z"));
  private Store store;
  private Identities here;
  private Users users;

  private static Optional<String> none() {
    return Optional.empty();
  }

  @BeforeEach
  void start() {
    store = open();
    here = new Identities(ROOT, store, clock);
    users = new Users(store, clock, new SecureRandom(), here::expire);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private Store open() {
    return Store.open(
        folder.resolve("store.db").toString(), new SecretKeySpec(new byte[32], "AES"));
  }

  private Optional<String> secret(Identities identities, AccessKey key) {
    return identities.find(key.accessKeyId()).map(Identity::secretAccessKey);
  }

  @Test
  void a_user_has_a_key_that_stands_for_it() {
    AccessKey key = users.create("ann", READER);

    assertThat(key.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
    Identity identity = here.find(key.accessKeyId()).orElseThrow();
    assertThat(identity.secretAccessKey()).isEqualTo(key.secretAccessKey()).hasSize(40);
    assertThat(identity.principal().arn("123456789012"))
        .isEqualTo("arn:aws:iam::123456789012:user/ann");
    assertThat(identity.principal().id("123456789012")).matches("AIDA[A-Z2-7]{17}");
    assertThat(identity.toString() + key).doesNotContain(key.secretAccessKey());
    assertThat(here.find("AKIANOBODY")).isEmpty();
    assertThat(secret(here, ROOT)).contains("secret-of-root");
  }

  @Test
  void keys_are_exchanged_one_after_the_other() {
    AccessKey first = users.create("ann", READER);
    AccessKey second = users.rotate("ann");

    assertThat(secret(here, first)).isPresent();
    assertThat(secret(here, second)).isPresent();
    assertThatThrownBy(() -> users.rotate("ann")).hasMessageContaining("has 2 keys");

    users.set(first.accessKeyId(), false);
    assertThat(secret(here, first)).isEmpty();
    users.set(first.accessKeyId(), true);
    assertThat(secret(here, first)).isPresent();
    users.deleteKey(first.accessKeyId());
    assertThat(secret(here, first)).isEmpty();
    assertThat(users.find("ann").orElseThrow().keys())
        .extracting(Users.Key::id)
        .containsExactly(second.accessKeyId());
    users.delete("ann");
    assertThat(secret(here, second)).isEmpty();
    assertThat(users.all()).isEmpty();
  }

  @Test
  void another_user_of_a_name_is_another_user() {
    AccessKey first = users.create("ann", READER);
    String before = here.find(first.accessKeyId()).orElseThrow().principal().id("1");
    users.delete("ann");
    AccessKey second = users.create("ann", READER);

    assertThat(here.find(second.accessKeyId()).orElseThrow().principal().id("1"))
        .isNotEqualTo(before);
  }

  @Test
  void a_change_elsewhere_counts_within_a_second_and_is_looked_up_no_more_often() {
    AccessKey key = users.create("ann", READER);
    Identities elsewhere = new Identities(ROOT, store, clock);
    assertThat(secret(elsewhere, key)).isPresent();

    users.set(key.accessKeyId(), false);
    clock.advance(Duration.ofMillis(499));
    assertThat(secret(elsewhere, key)).as("what was looked up last").isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(secret(elsewhere, key)).isEmpty();
  }

  @Test
  void without_the_store_the_root_key_is_known_and_no_other() {
    AccessKey key = users.create("ann", READER);
    assertThat(secret(here, key)).isPresent();
    store.close();
    clock.advance(Duration.ofSeconds(1));

    assertThat(secret(here, ROOT)).isPresent();
    assertThatThrownBy(() -> here.find(key.accessKeyId())).isInstanceOf(RuntimeException.class);
    store = open();
  }

  @Test
  void what_a_user_may_do_can_be_said_anew() {
    AccessKey key = users.create("ann", READER);
    String own =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\","
            + "\"Resource\":\"*\"}}";

    users.grant("ann", new Grants(List.of("AdministratorAccess"), Optional.of(own)));

    assertThat(users.find("ann").orElseThrow().grants().document()).contains(own);
    Principal.User user = (Principal.User) here.find(key.accessKeyId()).orElseThrow().principal();
    assertThat(user.policies()).hasSize(2);
  }

  @Test
  void names_and_grants_that_are_none_are_refused() {
    users.create("ann", READER);

    assertThatThrownBy(() -> users.create("ann", READER)).hasMessageContaining("already");
    for (String name : List.of("", "a b", "a/b", "x".repeat(65), "AKIAANN", "ä", "a\nb")) {
      assertThatThrownBy(() -> users.create(name, READER))
          .as(name)
          .hasMessageContaining("a name has 1 to 64");
    }
    assertThat(users.create("x".repeat(64), READER)).isNotNull();
    assertThatThrownBy(() -> new Grants(List.of("PowerUserAccess"), none()))
        .hasMessageContaining("no policy PowerUserAccess; there are [AdministratorAccess,");
    assertThatThrownBy(() -> users.rotate("bob")).hasMessageContaining("no user bob");
    assertThatThrownBy(() -> users.grant("bob", READER)).hasMessageContaining("no user bob");
    assertThatThrownBy(() -> users.delete("bob")).hasMessageContaining("no user bob");
    assertThatThrownBy(() -> users.set("AKIA1", true)).hasMessageContaining("the key AKIA1");
    assertThatThrownBy(() -> users.deleteKey("AKIA1")).hasMessageContaining("the key AKIA1");
  }

  @Test
  void secrets_are_sealed_on_the_disk() throws IOException {
    AccessKey key = users.create("ann", READER);
    store.close();

    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).doesNotContain(key.secretAccessKey());
      }
    }
    store = open();
    assertThat(secret(new Identities(ROOT, store, clock), key)).contains(key.secretAccessKey());
  }

  @Test
  void a_request_that_came_is_remembered_while_its_signature_is_taken() {
    Instant until = clock.now().plusSeconds(300);
    Caller caller = caller("m1", until);

    assertThat(caller.comesAgain()).isFalse();
    assertThat(caller.comesAgain()).isTrue();
    assertThat(caller("m2", until).comesAgain()).isFalse();
    clock.advance(Duration.ofMinutes(5));
    assertThat(caller("m3", until).comesAgain()).isFalse();
    assertThat(caller.comesAgain()).as("to the last instant").isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(caller("m4", until.plusSeconds(300)).comesAgain()).isFalse();
    assertThat(caller.comesAgain()).as("forgotten").isFalse();
  }

  private Caller caller(String mark, Instant until) {
    return new Caller(
        new Principal.Root(), "123456789012", new Caller.Signed(mark, until), store, clock);
  }
}
