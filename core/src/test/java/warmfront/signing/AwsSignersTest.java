package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCannedPolicy;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCustomPolicy;
import software.amazon.awssdk.services.cloudfront.model.CannedSignerRequest;
import software.amazon.awssdk.services.cloudfront.model.CustomSignerRequest;

/** What the AWS SDK signs is let in, and nothing that differs from it by a character. */
final class AwsSignersTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Instant END = NOW.plusSeconds(3600);
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.7");
  private static final String HOST = "d1.example.net";
  private static final CloudFrontUtilities SIGNER = CloudFrontUtilities.create();

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void signed_urls_pass_and_mutated_ones_do_not(String algorithm) throws Exception {
    KeyPair pair = pair(algorithm);
    String url = "https://" + HOST + "/videos/a%20film.mp4?quality=high&x";

    for (String signed :
        List.of(
            SIGNER.getSignedUrlWithCannedPolicy(canned(pair, url)).url(),
            SIGNER.getSignedUrlWithCustomPolicy(custom(pair, url)).url())) {
      assertThat(ask(pair, signed)).as(signed).isEqualTo(new Permission.Granted("K1"));
      Random random = new Random(11);
      for (int i = 0; i < 200; i++) {
        String mutated = mutated(signed, random);
        assertThat(ask(pair, mutated)).as(mutated).isInstanceOf(Permission.Refused.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void signed_cookies_pass(String algorithm) throws Exception {
    KeyPair pair = pair(algorithm);
    String url = "https://" + HOST + "/videos/film.mp4";
    CookiesForCannedPolicy canned = SIGNER.getCookiesForCannedPolicy(canned(pair, url));
    CookiesForCustomPolicy custom =
        SIGNER.getCookiesForCustomPolicy(
            custom(pair, url).toBuilder().resourceUrlPattern("https://*.example.net/*").build());

    for (List<String> lines :
        List.of(
            List.of(
                canned.expiresHeaderValue(),
                canned.signatureHeaderValue(),
                canned.keyPairIdHeaderValue()),
            List.of(
                custom.policyHeaderValue()
                    + "; "
                    + custom.signatureHeaderValue()
                    + "; "
                    + custom.keyPairIdHeaderValue()))) {
      SignedCookies apart = SignedCookies.of(lines);
      assertThat(apart.rest()).isEmpty();
      assertThat(verify(pair, apart.presented(), URI.create(url), "", HOST))
          .isEqualTo(new Permission.Granted("K1"));
      assertThat(verify(pair, apart.presented(), URI.create(url), "", "d1.example.com"))
          .isInstanceOf(Permission.Refused.class);
    }
  }

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    return generator.generateKeyPair();
  }

  private static CannedSignerRequest canned(KeyPair pair, String url) {
    return CannedSignerRequest.builder()
        .resourceUrl(url)
        .privateKey(pair.getPrivate())
        .keyPairId("K1")
        .expirationDate(END)
        .build();
  }

  private static CustomSignerRequest custom(KeyPair pair, String url) {
    return CustomSignerRequest.builder()
        .resourceUrl(url)
        .privateKey(pair.getPrivate())
        .keyPairId("K1")
        .expirationDate(END)
        .activeDate(NOW.minusSeconds(1))
        .ipRange("192.0.2.0/24")
        .build();
  }

  /**
   * Returns a URL with another letter or digit somewhere behind its host. The last four characters
   * of a text in Base64 have bits that say nothing.
   */
  private static String mutated(String url, Random random) {
    int from = url.indexOf(HOST) + HOST.length() + 1;
    while (true) {
      int at = from + random.nextInt(url.length() - from);
      boolean isEnd = url.startsWith("_", at + 1) || url.startsWith("_", at + 2);
      char c = url.charAt(at);
      if (Character.isLetterOrDigit(c) && !isEnd) {
        char other = c == 'z' ? 'a' : c == 'Z' ? 'A' : c == '9' ? '0' : (char) (c + 1);
        return url.substring(0, at) + other + url.substring(at + 1);
      }
    }
  }

  private static Permission ask(KeyPair pair, String text) {
    URI url = URI.create(text);
    SignedQuery query = SignedQuery.of(url.getRawQuery());
    return verify(pair, query.presented(), url, query.rest(), url.getHost());
  }

  private static Permission verify(
      KeyPair pair, Presented presented, URI url, String query, String host) {
    UrlVerifier verifier =
        new UrlVerifier(id -> id.equals("K1") ? Optional.of(pair.getPublic()) : Optional.empty());
    return verifier.verify(
        presented,
        new SignedResource.Url(url.getScheme(), host, url.getRawPath(), query),
        VIEWER,
        NOW);
  }
}
