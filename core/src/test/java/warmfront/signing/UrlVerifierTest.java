package warmfront.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.distribution.PublicKey;
import warmfront.signing.Permission.Reason;

final class UrlVerifierTest {
  // The keys' private halves made the signatures with openssl dgst -sha1 -sign, -sha256 -sign.
  private static final String RSA_KEY =
      """
      -----BEGIN PUBLIC KEY-----
      MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuXA9pzxmQJmeziOashSW
      noWFx9A+K/2tfF/DY9+7yjn/3W+NWMSBlqvm8vRkQZyY8IWxs5ZlrYFXMEKhQyH5
      tdkA9CJHr7+K7NBaoWXqHErF6Np+URMVWHEC7O4mXkWXEDgPSA/bsBJJVljhFVt9
      JzdMfxtX2rZ/WT5UTdHf2gJQ5NXnFO5Pl6Nth9gmLhbjC74bwqojMWYBgHdNz5wO
      tmikZwsVT+MBm3eo3oORpVtCD9iKVk3OA9hqY+G43S7u1jXOX0nUWnbPRVUVKkgl
      2sJHX715jNmNA+OYvhgLfmAIgwY2HuBZG6zJc5xPHsyuq3x/Kx7PV3Zr+SXWIDYt
      TwIDAQAB
      -----END PUBLIC KEY-----
      """;
  private static final String EC_KEY =
      """
      -----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHml1encuoRDMazRypQmY9zVsophS
      7RnxfeLW+v3mhk/A70m6n/lr1UiqJrgmw8GeRZ41Lm7BL1Z7gn7susTXEw==
      -----END PUBLIC KEY-----
      """;
  private static final String CANNED_BY_RSA =
      "c4OoeOn6Rn~UDalDsQ-R1cQT6G7znIX7AFJd0ChgBGin38NSDkh3oA3r9yWV~4R3~eJLZYB2aPr6pIJHJxCAKvFQ"
          + "R5uU-vFYhvPWnpZTpcu4BgT6xGGxvRnrdjhBdjwb2v-ciNRSPDdcWv9ZXX1U~xpwjM-dLP65fdMFRJw3VrGE"
          + "~8Wf96R7Zz-KOS8kv4cuddIScCbWUcG9rr7zEoKN23lNx0KCroJYZfRhPrXzuFkZX9GbFiR83u6CmHYUGVwX"
          + "aULlgKlGPH3LbSZSbmcNVa9trmiM-eHww2ZEejpP~7LJlrJf7SN0It6E6cu~JraO1NIKBKRqIfoALjfT9db1"
          + "Wg__";
  private static final String CANNED_BY_EC =
      "MEQCIHykPObjMmnMW1akxgS5L1eVzdCLRUpqieOcPpUCip5VAiBIzTnbUS8pEwrsR9Bux3eJ9UfJJveL7HP3uVxG"
          + "YhGmRQ__";
  private static final String POLICY =
      "ewogICJTdGF0ZW1lbnQiOiBbCiAgICB7CiAgICAgICJSZXNvdXJjZSI6ICJodHRwczovLyouY2RuLmV4YW1wbGUu"
          + "bmV0L3RyYWluaW5nLyoiLAogICAgICAiQ29uZGl0aW9uIjogewogICAgICAgICJJcEFkZHJlc3MiOiB7IkFX"
          + "UzpTb3VyY2VJcCI6ICIxOTIuMC4yLjAvMjQifSwKICAgICAgICAiRGF0ZUdyZWF0ZXJUaGFuIjogeyJBV1M6"
          + "RXBvY2hUaW1lIjogMTc2NzI4NjgwMH0sCiAgICAgICAgIkRhdGVMZXNzVGhhbiI6IHsiQVdTOkVwb2NoVGlt"
          + "ZSI6IDE3NjcyOTA0MDB9CiAgICAgIH0KICAgIH0KICBdCn0K";
  private static final String CUSTOM_BY_RSA =
      "NAk6q4nLz7JZm9e12-APT0BN2e1tQaIXkVoqhSFNkFglfdUnRXhtdLqJzOptDU4qUsfQLsLYKwC3DI0bNnD3FMOu"
          + "LydEqRNAsL3Mp7Hz397BNl4sT0PGXV6nQ71DSpjZEK6fW0lv7wF8qsNptP1EavPjGnAzPNO8o0Zah~fO-Qwm"
          + "JBZdeHAZzYmznJ6DcM6hthV7QNCa5Zs3Xnp8YJN7AbnBzt079TO~Ex7LdINHZNtIkOcBp9ZOWxNFuGFY-LeP"
          + "L7drEYYH~KZ6mu1SvxUbtKmz4PNfuLHXRT3ZmlHo4KFkbEmkb4pMGclx6Wxxg4ENcqxOp1zDGWR5Lmte7duj"
          + "cw__";

  private static final long BEGINS = 1_767_286_800;
  private static final long ENDS = 1_767_290_400;
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.7");
  private static final KeyPair OWN = ownKey();
  private static final Map<String, java.security.PublicKey> KEYS =
      Map.of(
          "KRSA", PublicKey.ofPem("KRSA", RSA_KEY).decoded(),
          "KEC", PublicKey.ofPem("KEC", EC_KEY).decoded(),
          "KOWN", OWN.getPublic());

  private final UrlVerifier verifier = new UrlVerifier(id -> Optional.ofNullable(KEYS.get(id)));

  private static KeyPair ownKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  @Test
  void a_canned_policy_of_openssl_opens_its_url_until_it_expires() {
    for (String by :
        new String[] {"KRSA&Signature=" + CANNED_BY_RSA, "KEC&Signature=" + CANNED_BY_EC}) {
      String query = "color=red&size=medium&Expires=" + ENDS + "&Key-Pair-Id=" + by;

      assertThat(ask("/images/image.jpg", query, ENDS - 1)).isInstanceOf(Permission.Granted.class);
      assertThat(reason(ask("/images/image.jpg", query, ENDS))).isEqualTo(Reason.EXPIRED);
      assertThat(reason(ask("/images/other.jpg", query, ENDS - 1))).isEqualTo(Reason.SIGNATURE);
      assertThat(reason(ask("/images/image.jpg", query + "&more=1", ENDS - 1)))
          .isEqualTo(Reason.SIGNATURE);
      assertThat(reason(ask("/images/image.jpg", query.replace("=" + ENDS, "=9999999999"), ENDS)))
          .isEqualTo(Reason.SIGNATURE);
    }
  }

  @Test
  void a_custom_policy_of_openssl_opens_what_it_names_when_and_where_it_says() {
    String query =
        "Policy=%s&Signature=%s&Key-Pair-Id=KRSA&Hash-Algorithm=SHA256"
            .formatted(POLICY, CUSTOM_BY_RSA);

    assertThat(ask("/training/a/b.mp4", query + "&x=1", BEGINS + 1))
        .isEqualTo(new Permission.Granted("KRSA"));
    assertThat(reason(ask("/other/b.mp4", query, BEGINS + 1))).isEqualTo(Reason.RESOURCE);
    assertThat(reason(ask("/training/b.mp4", query, BEGINS))).isEqualTo(Reason.NOT_YET);
    assertThat(reason(ask("/training/b.mp4", query, ENDS))).isEqualTo(Reason.EXPIRED);
    SignedQuery apart = SignedQuery.of(query);
    for (String address : new String[] {"192.0.3.7", "2001:db8::1"}) {
      assertThat(
              reason(
                  verifier.verify(
                      apart.presented(),
                      url("/training/b.mp4", ""),
                      InetAddress.ofLiteral(address),
                      Instant.ofEpochSecond(BEGINS + 1))))
          .isEqualTo(Reason.ADDRESS);
    }
    assertThat(reason(ask("/training/b.mp4", query.replace("=KRSA", "=KEC"), BEGINS + 1)))
        .isEqualTo(Reason.SIGNATURE);
    assertThat(reason(ask("/training/b.mp4", query.replace("SHA256", "SHA1"), BEGINS + 1)))
        .isEqualTo(Reason.SIGNATURE);
  }

  @Test
  void ecdsa_takes_long_until_the_signature_is_known_and_rsa_does_not() throws Exception {
    String byEc = "Expires=" + ENDS + "&Key-Pair-Id=KEC&Signature=" + CANNED_BY_EC;
    SignedResource.Url asked = url("/images/image.jpg", "color=red&size=medium");
    Presented ec = SignedQuery.of(byEc).presented();
    Presented rsa =
        SignedQuery.of("Expires=" + ENDS + "&Key-Pair-Id=KRSA&Signature=" + CANNED_BY_RSA)
            .presented();
    Presented own = SignedQuery.of(custom("{\"Resource\":\"*\",\"Condition\":%s}")).presented();

    assertThat(verifier.takesLong(rsa, asked)).isFalse();
    for (Presented presented : new Presented[] {ec, own}) {
      assertThat(verifier.takesLong(presented, asked)).isTrue();
      assertThat(verifier.verify(presented, asked, VIEWER, Instant.ofEpochSecond(BEGINS)))
          .isInstanceOf(Permission.Granted.class);
      assertThat(verifier.takesLong(presented, asked)).as("once known").isFalse();
      assertThat(verifier.verify(presented, asked, VIEWER, Instant.ofEpochSecond(ENDS)))
          .as("known, and over")
          .isInstanceOf(Permission.Refused.class);
    }
    assertThat(verifier.takesLong(ec, url("/other", ""))).as("another resource").isTrue();
    assertThat(verifier.takesLong(new Presented.Nothing(), asked)).isFalse();
    assertThat(
            verifier.takesLong(SignedQuery.of(byEc.replace("=KEC", "=KNONE")).presented(), asked))
        .isFalse();
  }

  @Test
  void what_nobody_signed_is_refused_with_its_reason() {
    assertThat(reason(ask("/a", "b=c", BEGINS))).isEqualTo(Reason.MISSING);
    assertThat(reason(ask("/a", "Expires=9&Signature=AA__&Key-Pair-Id=K", 1)))
        .isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(reason(ask("/a", "Expires=9&Signature=A&Key-Pair-Id=KEC", 1)))
        .isEqualTo(Reason.MALFORMED);
    String longest = "a".repeat(Parameters.SIGNATURE_CHARS_MAX);
    for (String query :
        new String[] {
          "Expires=9",
          "Signature=AA__",
          "Expires=9&Signature=AA__",
          "Signature=AA__&Key-Pair-Id=KEC",
          "Expires=9&Policy=e30_&Signature=AA__&Key-Pair-Id=KEC",
          "Expires=9&Expires=9&Signature=AA__&Key-Pair-Id=KEC",
          "Expires=soon&Signature=AA__&Key-Pair-Id=KEC",
          "Expires=9223372036854775808&Signature=AA__&Key-Pair-Id=KEC",
          "Expires=9&Signature=AA__&Key-Pair-Id=KEC&Hash-Algorithm=MD5",
          "Expires=9&Key-Pair-Id=KEC&Signature=a" + longest,
          "Key-Pair-Id=KEC&Signature=AA__&Policy=" + "a".repeat(Parameters.POLICY_CHARS_MAX + 1),
        }) {
      assertThat(SignedQuery.of(query).presented())
          .as(query)
          .isInstanceOf(Presented.Malformed.class);
    }
    assertThat(SignedQuery.of("Expires=9223372036854775807&Key-Pair-Id=K&Signature=" + longest))
        .extracting(SignedQuery::presented)
        .isInstanceOf(Presented.Canned.class);
  }

  @Test
  void cookies_say_what_a_url_s_parameters_say_and_the_others_are_left() {
    String ours =
        "CloudFront-Expires=%d; CloudFront-Key-Pair-Id=KRSA;CloudFront-Signature=%s"
            .formatted(ENDS, CANNED_BY_RSA);
    SignedCookies apart = SignedCookies.of(List.of("a=b; " + ours, "c; d==; CloudFront-Is=no"));

    assertThat(apart.rest()).containsExactly("a=b", "c; d==; CloudFront-Is=no");
    assertThat(
            verifier.verify(
                apart.presented(),
                url("/images/image.jpg", "color=red&size=medium"),
                VIEWER,
                Instant.ofEpochSecond(BEGINS)))
        .isEqualTo(new Permission.Granted("KRSA"));
    assertThat(SignedCookies.of(List.of(ours)).rest()).isEmpty();
    assertThat(SignedCookies.of(List.of(ours, "CloudFront-Expires=1")).presented())
        .isInstanceOf(Presented.Malformed.class);
    assertThat(SignedCookies.of(List.of("CloudFront-Expires=1")).presented())
        .isInstanceOf(Presented.Malformed.class);
    assertThat(SignedCookies.of(List.of("", "; ", "Expires=1")))
        .isEqualTo(new SignedCookies(List.of("Expires=1"), new Presented.Nothing()));
  }

  @Test
  void a_stream_is_signed_by_its_name_without_prefix_and_with_or_without_extension()
      throws Exception {
    for (String signed : new String[] {"videos/film.mp4", "videos/film"}) {
      String query =
          "?Expires=%d&Key-Pair-Id=KOWN&Signature=%s"
              .formatted(ENDS, sign(UrlVerifier.cannedPolicy(signed, ENDS)));
      for (String asked : new String[] {"mp4:videos/film.mp4", "mp4:videos/film"}) {
        assertThat(play(asked + query)).as(signed).isInstanceOf(Permission.Granted.class);
        assertThat(play(asked + escaped(query))).as(signed).isInstanceOf(Permission.Granted.class);
      }
      assertThat(reason(play("mp4:videos/film2" + query))).isEqualTo(Reason.SIGNATURE);
      assertThat(reason(play("mp4:videos/film"))).isEqualTo(Reason.MISSING);
    }
  }

  @Test
  void a_stream_with_a_query_of_its_own_is_signed_with_it_or_without() throws Exception {
    for (String signed : new String[] {"a.flv?color=red", "a.flv", "a", "a?color=red"}) {
      String query =
          "?color=red&Expires=%d&Key-Pair-Id=KOWN&Signature=%s"
              .formatted(ENDS, sign(UrlVerifier.cannedPolicy(signed, ENDS)));

      assertThat(play("a" + query)).as(signed).isInstanceOf(Permission.Granted.class);
      assertThat(play("a.flv" + query)).as(signed).isInstanceOf(Permission.Granted.class);
    }
  }

  @Test
  void a_stream_s_custom_policy_may_have_wildcards() throws Exception {
    String name = "mp4:videos/2026/film.mp4?";

    assertThat(play(name + custom("{\"Resource\":\"videos/*\",\"Condition\":%s}")))
        .isInstanceOf(Permission.Granted.class);
    assertThat(play(name + custom("{\"Resource\":\"videos/2026/film\",\"Condition\":%s}")))
        .isInstanceOf(Permission.Granted.class);
    assertThat(play(name + custom("{\"Condition\":%s}"))).isInstanceOf(Permission.Granted.class);
    assertThat(reason(play(name + custom("{\"Resource\":\"audio/*\",\"Condition\":%s}"))))
        .isEqualTo(Reason.RESOURCE);
  }

  @Test
  void a_signed_policy_that_says_what_is_not_known_is_refused() throws Exception {
    for (String statement :
        new String[] {
          "{\"Condition\":%s,\"Effect\":\"Allow\"}",
          "{\"Resource\":7,\"Condition\":%s}",
          "{\"Resource\":\"*\"}",
          "{\"Condition\":%s},{\"Condition\":%s}",
          "7",
          ""
        }) {
      assertThat(reason(play("a?" + custom(statement)))).as(statement).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void noise_never_throws() {
    Random random = new Random(7);
    String[] words = {
      "Expires=",
      "Policy=",
      "Signature=",
      "Key-Pair-Id=",
      "KOWN",
      "&",
      "?",
      "=",
      "%3F",
      "%",
      "a",
      "mp4:",
      "9",
      "\u0000",
      "é",
      "AA__",
      "e30_"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j > 0; j--) {
        text.append(words[random.nextInt(words.length)]);
      }
      assertThat(play(text.toString())).isInstanceOf(Permission.Refused.class);
    }
  }

  private static String escaped(String query) {
    return query.replace("?", "%3F").replace("=", "%3D").replace("&", "%26");
  }

  /** Signs a policy of this statement, in which %s stands for a condition that holds. */
  private static String custom(String statement) throws Exception {
    String condition = "{\"DateLessThan\":{\"AWS:EpochTime\":" + ENDS + "}}";
    String policy = "{\"Statement\":[" + statement.replace("%s", condition) + "]}";
    return "Policy=%s&Signature=%s&Key-Pair-Id=KOWN"
        .formatted(encode(policy.getBytes(UTF_8)), sign(policy));
  }

  private static String sign(String policy) throws Exception {
    return encode(sign(OWN.getPrivate(), policy.getBytes(UTF_8)));
  }

  private static byte[] sign(PrivateKey key, byte[] policy) throws Exception {
    Signature signature = Signature.getInstance("SHA1withECDSA");
    signature.initSign(key);
    signature.update(policy);
    return signature.sign();
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder()
        .encodeToString(bytes)
        .replace('+', '-')
        .replace('=', '_')
        .replace('/', '~');
  }

  private Permission play(String name) {
    StreamName apart = StreamName.of(name);
    return verifier.verify(
        apart.presented(), apart.resource(), VIEWER, Instant.ofEpochSecond(BEGINS));
  }

  private Permission ask(String path, String query, long now) {
    SignedQuery apart = SignedQuery.of(query);
    return verifier.verify(
        apart.presented(), url(path, apart.rest()), VIEWER, Instant.ofEpochSecond(now));
  }

  private static SignedResource.Url url(String path, String query) {
    return new SignedResource.Url("https", "d111111abcdef8.cdn.example.net", path, query);
  }

  private static Reason reason(Permission permission) {
    return ((Permission.Refused) permission).reason();
  }
}
