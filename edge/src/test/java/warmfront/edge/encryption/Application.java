package warmfront.edge.encryption;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CommitmentPolicy;
import com.amazonaws.encryptionsdk.jce.JceMasterKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import warmfront.edge.step.Encryption.Recipient;

/** An application that reads encrypted fields as CloudFront's guide has it, by Amazon's library. */
public final class Application {
  private static final String PROVIDER = "Payments";
  private static final String KEY_NAME = "card-key";

  private final KeyPair pair;

  /** Makes one with a key of its own. */
  public Application() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the public key as its owner gives it away. */
  public String publicKey() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** Returns the name that the key was given. */
  public String keyName() {
    return KEY_NAME;
  }

  /** Returns the name of the place of the key. */
  public String provider() {
    return PROVIDER;
  }

  Recipient recipient(String... patterns) {
    return new Recipient(pair.getPublic(), KEY_NAME, PROVIDER, List.of(patterns));
  }

  /** Decrypts a message. */
  public byte[] decrypted(byte[] message) {
    return AwsCrypto.builder()
        .withCommitmentPolicy(CommitmentPolicy.ForbidEncryptAllowDecrypt)
        .build()
        .decryptData(
            JceMasterKey.getInstance(
                pair.getPublic(),
                pair.getPrivate(),
                PROVIDER,
                KEY_NAME,
                "RSA/ECB/OAEPWithSHA-256AndMGF1Padding"),
            message)
        .getResult();
  }

  /** Decrypts the value of a field, as a form has it once its percent signs are decoded. */
  public byte[] decrypted(String field) {
    return decrypted(Base64.getDecoder().decode(field));
  }
}
