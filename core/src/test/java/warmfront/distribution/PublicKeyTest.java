package warmfront.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class PublicKeyTest {
  @Test
  void keys_of_both_kinds_come_out_of_pem_as_they_were() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    for (KeyPairGenerator generator : new KeyPairGenerator[] {rsa, ec}) {
      java.security.PublicKey key = generator.generateKeyPair().getPublic();

      PublicKey read = PublicKey.ofPem("K1", pem(key) + "\n");

      assertThat(read.decoded()).isEqualTo(key);
      assertThat(new PublicKey("K1", read.base64())).isEqualTo(read);
    }
  }

  @Test
  void other_keys_and_other_texts_are_none() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPairGenerator ed = KeyPairGenerator.getInstance("Ed25519");
    for (KeyPairGenerator generator : new KeyPairGenerator[] {rsa, ec, ed}) {
      String pem = pem(generator.generateKeyPair().getPublic());

      assertThatThrownBy(() -> PublicKey.ofPem("K1", pem))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("RSA of 2048 bits or ECDSA on P-256");
    }
    String empty = "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----";
    for (String text : new String[] {"", "x", empty, empty.replace("Y---", "Y---!"), pem()}) {
      assertThatThrownBy(() -> PublicKey.ofPem("K1", text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String pem() {
    return "-----BEGIN PUBLIC KEY-----" + "A".repeat(2_000) + "-----END PUBLIC KEY-----";
  }

  private static String pem(java.security.PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----"
        .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()));
  }
}
