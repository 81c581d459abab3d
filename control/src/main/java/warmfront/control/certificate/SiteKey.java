package warmfront.control.certificate;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** Keys that a certificate may be requested with, by ACM's names. */
public enum SiteKey {
  /** RSA, 2,048 bits. */
  RSA_2048,

  /** ECDSA on P-256. */
  EC_prime256v1,

  /** ECDSA on P-384. */
  EC_secp384r1;

  /** Returns the JDK's name for its algorithm. */
  String algorithm() {
    return this == RSA_2048 ? "RSA" : "EC";
  }

  /** Returns what a generator has to know. */
  AlgorithmParameterSpec parameters() {
    return switch (this) {
      case RSA_2048 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
      case EC_prime256v1 -> new ECGenParameterSpec("secp256r1");
      case EC_secp384r1 -> new ECGenParameterSpec("secp384r1");
    };
  }
}
