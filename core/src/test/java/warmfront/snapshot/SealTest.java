package warmfront.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class SealTest {
  private final Seal seal = new Seal(new SecretKeySpec(new byte[32], "AES"), new SecureRandom());
  private final byte[] secret = "the key of a bucket".getBytes(StandardCharsets.UTF_8);

  @Test
  void what_was_sealed_opens_in_its_place_alone() {
    byte[] sealed = seal.seal(secret, "S3_ENDPOINT/a");

    assertThat(seal.open(sealed, "S3_ENDPOINT/a")).contains(secret);
    assertThat(seal.open(sealed, "S3_ENDPOINT/b")).isEmpty();
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("bucket");
  }

  @Test
  void a_changed_byte_or_a_cut_does_not_open() {
    byte[] sealed = seal.seal(secret, "x");
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(seal.open(changed, "x")).isEmpty();
      assertThat(seal.open(java.util.Arrays.copyOf(sealed, i), "x")).isEmpty();
    }
  }
}
