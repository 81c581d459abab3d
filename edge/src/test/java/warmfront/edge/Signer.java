package warmfront.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import warmfront.distribution.PublicKey;
import warmfront.signing.UrlVerifier;

/** Who signs URLs and cookies, with a key of its own. */
public final class Signer {
  private final String id;
  private final KeyPair pair;

  /** Makes one, the id of whose key is {@code id}. */
  public Signer(String id) {
    this.id = id;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /** Returns its public key. */
  public PublicKey key() {
    return new PublicKey(id, Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
  }

  /** Returns the parameters that open a URL until a time, in seconds since 1970. */
  public String canned(String url, long expires) {
    return "Expires=%d&Signature=%s&Key-Pair-Id=%s"
        .formatted(expires, sign(UrlVerifier.cannedPolicy(url, expires)), id);
  }

  /** Returns the cookies that open everything that a pattern stands for until a time. */
  public String cookies(String pattern, long expires) {
    String policy = UrlVerifier.cannedPolicy(pattern, expires);
    return "CloudFront-Policy=%s; CloudFront-Signature=%s; CloudFront-Key-Pair-Id=%s"
        .formatted(encode(policy.getBytes(UTF_8)), sign(policy), id);
  }

  private String sign(String policy) {
    try {
      Signature signature = Signature.getInstance("SHA1withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(policy.getBytes(UTF_8));
      return encode(signature.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder()
        .encodeToString(bytes)
        .replace('+', '-')
        .replace('=', '_')
        .replace('/', '~');
  }
}
