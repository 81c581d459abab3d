package warmfront.control.certificate;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** Keys that a certificate may be requested with, by ACM's names. */
public enum SiteKey {
  /** RSA, 2,048 bits. */
  RSA_2048("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)),

  /** ECDSA on P-256. */
  EC_prime256v1("EC", new ECGenParameterSpec("secp256r1")),

  /** ECDSA on P-384. */
  EC_secp384r1("EC", new ECGenParameterSpec("secp384r1"));

  private final String algorithm;
  private final transient AlgorithmParameterSpec parameters;

  SiteKey(String algorithm, AlgorithmParameterSpec parameters) {
    this.algorithm = algorithm;
    this.parameters = parameters;
  }

  /** Returns the JDK's name for its algorithm. */
  String algorithm() {
    return algorithm;
  }

  /** Returns what a generator has to know. */
  AlgorithmParameterSpec parameters() {
    return parameters;
  }
}
