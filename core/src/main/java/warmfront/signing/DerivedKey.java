package warmfront.signing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key pair on P-256 that Signature Version 4A makes of an access key: NIST SP 800-108 in
 * counter mode by HMAC-SHA-256, until what comes of it is a scalar of the curve. Immutable.
 */
final class DerivedKey {
  private static final ECParameterSpec CURVE = curve();
  private static final BigInteger PRIME = ((ECFieldFp) CURVE.getCurve().getField()).getP();
  private static final int ROUNDS = 254;

  private final PublicKey publicKey;

  private DerivedKey(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  /** Derives the key of an access key. */
  static DerivedKey of(String accessKeyId, String secret) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new ECPrivateKeySpec(scalar(accessKeyId, secret), CURVE));
      return new DerivedKey(publicKey(key));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has P-256", e);
    }
  }

  /**
   * Returns whether a signature is this key's.
   *
   * @param signature in DER
   */
  boolean verifies(String text, byte[] signature) {
    try {
      return verifies(publicKey, text, signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has ECDSA on P-256", e);
    }
  }

  private static boolean verifies(PublicKey key, String text, byte[] signature)
      throws GeneralSecurityException {
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initVerify(key);
    ecdsa.update(text.getBytes(StandardCharsets.UTF_8));
    return ecdsa.verify(signature);
  }

  /** Returns the private key. */
  static BigInteger scalar(String accessKeyId, String secret) {
    byte[] id = accessKeyId.getBytes(StandardCharsets.UTF_8);
    BigInteger max = CURVE.getOrder().subtract(BigInteger.TWO);
    for (int round = 1; round <= ROUNDS; round++) {
      BigInteger candidate = new BigInteger(1, round(secret, id, round));
      if (candidate.compareTo(max) <= 0) {
        return candidate.add(BigInteger.ONE);
      }
    }
    // One in 2^32 fails a round.
    throw new IllegalStateException("no key comes of this secret");
  }

  private static byte[] round(String secret, byte[] id, int round) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(("AWS4A" + secret).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      // The first block; label, zero, context; the length in bits (SP 800-108, section 4.1).
      mac.update(new byte[] {0, 0, 0, 1});
      mac.update(Algorithm.ECDSA.label().getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      mac.update(id);
      mac.update((byte) round);
      mac.update(new byte[] {0, 0, 1, 0});
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has HmacSHA256", e);
    }
  }

  /**
   * The JDK multiplies no points for others, but agrees on keys: with the curve's generator as the
   * other party, what is agreed on is the first coordinate of the public key. Of the two points
   * with it, a signature tells the right one.
   */
  private static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(key);
    agreement.doPhase(keys.generatePublic(new ECPublicKeySpec(CURVE.getGenerator(), CURVE)), true);
    BigInteger x = new BigInteger(1, agreement.generateSecret());
    BigInteger square =
        x.pow(3).add(CURVE.getCurve().getA().multiply(x)).add(CURVE.getCurve().getB()).mod(PRIME);
    // The prime is 3 modulo 4.
    BigInteger y = square.modPow(PRIME.add(BigInteger.ONE).shiftRight(2), PRIME);
    PublicKey one = keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(key);
    ecdsa.update("".getBytes(StandardCharsets.UTF_8));
    return verifies(one, "", ecdsa.sign())
        ? one
        : keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, PRIME.subtract(y)), CURVE));
  }

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has P-256", e);
    }
  }
}
