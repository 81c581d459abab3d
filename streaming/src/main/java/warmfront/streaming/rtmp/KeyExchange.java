package warmfront.streaming.rtmp;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;

/** A Diffie-Hellman exchange of RTMPE, in the group of 1024 bits of RFC 2409, section 6.2. */
final class KeyExchange {
  /** Bytes of a public key and of the secret. */
  static final int LENGTH = 128;

  private static final BigInteger PRIME =
      new BigInteger(
          "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
              + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
              + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
              + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
          16);

  /** Private keys of 256 bits are as strong as the group, and four times as quick as long ones. */
  private static final DHParameterSpec GROUP = new DHParameterSpec(PRIME, BigInteger.TWO, 256);

  /** Where the two layouts have the bytes that say where a key is, and where keys begin. */
  private static final int[] OFFSETS_AT = {1532, 768};

  private static final int[] KEYS_FROM = {772, 8};
  private static final int OFFSETS = 632;

  private final byte[] publicKey;
  private final byte[] secret;

  private KeyExchange(byte[] publicKey, byte[] secret) {
    this.publicKey = publicKey;
    this.secret = secret;
  }

  /** Returns the public key that stands in a message of one of the two layouts. */
  static byte[] publicKey(byte[] message, int schema) {
    int at = at(message, schema);
    return Arrays.copyOfRange(message, at, at + LENGTH);
  }

  /** Puts a public key into a message. */
  static void place(byte[] key, byte[] message, int schema) {
    System.arraycopy(key, 0, message, at(message, schema), LENGTH);
  }

  private static int at(byte[] message, int schema) {
    int from = OFFSETS_AT[schema];
    int sum = 0;
    for (int i = from; i < from + 4; i++) {
      sum += message[i] & 0xFF;
    }
    return sum % OFFSETS + KEYS_FROM[schema];
  }

  /**
   * Makes a key of our own and agrees with the peer on a secret. Clients differ in whether they
   * keep zeros in front, so that a secret or key that begins with one is not taken.
   *
   * @throws ProtocolException if the peer's key is none
   */
  static KeyExchange with(byte[] theirs) throws ProtocolException {
    try {
      PublicKey peer =
          KeyFactory.getInstance("DH")
              .generatePublic(
                  new DHPublicKeySpec(new BigInteger(1, theirs), PRIME, BigInteger.TWO));
      KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
      generator.initialize(GROUP);
      while (true) {
        KeyPair pair = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("DH");
        agreement.init(pair.getPrivate());
        agreement.doPhase(peer, true);
        byte[] secret = agreement.generateSecret();
        byte[] ours = padded(((DHPublicKey) pair.getPublic()).getY());
        if (secret.length == LENGTH && secret[0] != 0 && ours[0] != 0) {
          return new KeyExchange(ours, secret);
        }
      }
    } catch (InvalidKeyException e) {
      throw new ProtocolException("a public key that is none");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Diffie-Hellman", e);
    }
  }

  private static byte[] padded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[LENGTH];
    int length = Math.min(bytes.length, LENGTH);
    System.arraycopy(bytes, bytes.length - length, padded, LENGTH - length, length);
    return padded;
  }

  byte[] publicKey() {
    return publicKey;
  }

  byte[] secret() {
    return secret;
  }
}
