package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.SignedHttp;
import warmfront.control.certificate.Authority;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/**
 * Promise: an API that listens beyond loopback is within TLS, commands find and trust it by the
 * data directory, and users get what they were granted.
 */
@Tag("full")
final class KeysJourney {
  private static final String LIST = "/2020-05-31/distribution";
  private static final Pattern KEY =
      Pattern.compile("access-key-id +(AKIA[A-Z2-7]{16})\nsecret-access-key +(\\S{40})\n");

  @TempDir private static Path folder;
  private static Warmfront warmfront;

  @BeforeAll
  static void up() throws Exception {
    warmfront = Warmfront.up(folder, Map.of("api.listen", "0.0.0.0:" + new Ports().free()));
  }

  @AfterAll
  static void end() {
    warmfront.close();
  }

  /** Runs a command that is told the data directory alone. */
  private static String run(int status, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", warmfront.data().toString()));
    try (Program program = warmfront.run(all.toArray(String[]::new))) {
      String said = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isEqualTo(status);
      return status == 0 ? said : program.stderr();
    }
  }

  private static Credentials key(String printed) {
    Matcher matcher = KEY.matcher(printed);
    assertThat(matcher.matches()).as(printed).isTrue();
    return new Credentials(matcher.group(1), matcher.group(2));
  }

  private static HttpResponse<byte[]> ask(Credentials key, String method, String target)
      throws Exception {
    try (SignedHttp http =
        SignedHttp.api(
            warmfront.api(),
            key,
            Clock.system(),
            Optional.of(SignedHttp.trusting(warmfront.data().resolve("ca.pem"))))) {
      return http.send(method, target, Fields.empty(), new byte[0]);
    }
  }

  @Test
  void a_user_is_made_granted_more_given_another_key_and_removed() throws Exception {
    Credentials first =
        key(run(0, "keys", "create", "ann", "--policy", "CloudFrontReadOnlyAccess"));
    assertThat(ask(first, "GET", LIST).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused = ask(first, "DELETE", LIST + "/E1");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(new String(refused.body(), UTF_8))
        .contains("arn:aws:iam::000000000000:user/ann is not authorized to perform:");
    assertThat(ask(first, "GET", "/fleet/locations").statusCode()).isEqualTo(403);
    assertThat(ask(first, "GET", "/fleet/users").statusCode()).isEqualTo(403);

    run(0, "keys", "permit", "ann", "--allow", "cloudfront:Delete*,warmfront:ReadFleet");
    assertThat(ask(first, "GET", LIST).statusCode()).isEqualTo(403);
    assertThat(ask(first, "DELETE", LIST + "/E1").statusCode()).isEqualTo(404);
    assertThat(ask(first, "GET", "/fleet/locations").statusCode()).isEqualTo(200);
    assertThat(ask(first, "DELETE", "/fleet/locations/FRA").statusCode()).isEqualTo(403);
    assertThat(run(0, "keys", "show", "ann")).contains("\"cloudfront:Delete*\"");

    Credentials second = key(run(0, "keys", "rotate", "ann"));
    assertThat(run(1, "keys", "rotate", "ann")).contains("ann has 2 keys");
    run(0, "keys", "deactivate", first.accessKeyId());
    assertThat(ask(first, "GET", "/fleet/locations").statusCode()).isEqualTo(403);
    assertThat(ask(second, "GET", "/fleet/locations").statusCode()).isEqualTo(200);
    assertThat(run(0, "keys", "list"))
        .contains("ann  " + first.accessKeyId() + "  inactive  ")
        .contains("ann  " + second.accessKeyId() + "  active  ")
        .doesNotContain(second.secretAccessKey());
    run(0, "keys", "activate", first.accessKeyId());
    assertThat(ask(first, "GET", "/fleet/locations").statusCode()).isEqualTo(200);
    run(0, "keys", "delete", first.accessKeyId());

    warmfront.restart();
    assertThat(ask(second, "GET", "/fleet/locations").statusCode()).isEqualTo(200);
    run(0, "keys", "delete", "ann");
    assertThat(ask(second, "GET", "/fleet/locations").statusCode()).isEqualTo(403);
  }

  @Test
  void a_policy_comes_from_a_file_and_what_it_cannot_say_is_refused() throws Exception {
    Path policy = folder.resolve("policy.json");
    Files.writeString(
        policy,
        """
        {
          "Version": "2012-10-17",
          "Statement": {
            "Effect": "Allow",
            "Action": "warmfront:*",
            "Resource": "arn:aws:warmfront::000000000000:channels/*"
          }
        }
        """);
    Credentials key = key(run(0, "keys", "create", "tv", "--policy", policy.toString()));
    assertThat(ask(key, "PUT", "/fleet/channels/cam1?location=FRA").statusCode()).isEqualTo(200);
    assertThat(ask(key, "PUT", "/fleet/texts/_a.warmfront.localhost?value=x").statusCode())
        .isEqualTo(403);

    Files.writeString(
        policy, Files.readString(policy).replace("\"Effect\"", "\"Condition\":{},\"Effect\""));
    assertThat(run(1, "keys", "create", "tv2", "--policy", policy.toString()))
        .contains("Condition is not supported");
    assertThat(run(1, "keys", "create", "tv2", "--policy", "Everything"))
        .contains("there is no policy Everything");
    assertThat(run(1, "keys", "create", "tv2")).contains("say what the user may do");
  }

  @Test
  void beyond_loopback_it_is_within_tls_and_no_stranger_is_trusted() throws Exception {
    assertThat(warmfront.api()).hasScheme("https").hasHost("127.0.0.1");
    assertThat(run(0, "location", "list")).contains("FRA");

    String named = "https://localhost:" + warmfront.api().getPort();
    assertThat(run(0, "location", "list", "--api", named)).contains("FRA");
    Path other = Files.createDirectory(folder.resolve("other"));
    Authority.loadOrMake(
        other, new SecretKeySpec(new byte[32], "AES"), Clock.system(), new SecureRandom());
    assertThat(run(1, "location", "list", "--ca", other.resolve("ca.pem").toString()))
        .contains("does not answer");
    assertThatThrownBy(() -> plain("GET")).isInstanceOf(IOException.class);
  }

  private static int plain(String method) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + warmfront.api().getPort());
    try (SignedHttp http = SignedHttp.api(url, warmfront.key(), Clock.system())) {
      return http.send(method, LIST, Fields.empty(), new byte[0]).statusCode();
    }
  }
}
