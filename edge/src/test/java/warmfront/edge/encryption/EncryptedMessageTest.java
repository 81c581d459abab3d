package warmfront.edge.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.encryptionsdk.exception.AwsCryptoException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** Messages that Amazon's own library reads. */
final class EncryptedMessageTest {
  private static final Application APPLICATION = new Application();

  private final SecureRandom random = new SecureRandom();

  private byte[] message(byte[] text) {
    return EncryptedMessage.of(text, APPLICATION.recipient("*"), random);
  }

  private byte[] text(int length) {
    byte[] text = new byte[length];
    random.nextBytes(text);
    return text;
  }

  @Test
  void texts_of_no_frame_one_frame_and_several_are_read_as_they_were() {
    for (int length : new int[] {0, 1, 4095, 4096, 4097, 8192, 16_384}) {
      byte[] text = text(length);

      assertThat(APPLICATION.decrypted(message(text))).as("%d bytes", length).isEqualTo(text);
    }
  }

  @Test
  void a_message_with_one_bit_turned_is_not_read() {
    byte[] message = message(text(5000));
    for (int at = 0; at < message.length; at += 97) {
      byte[] turned = message.clone();
      turned[at] ^= 1;

      assertThatThrownBy(() -> APPLICATION.decrypted(turned))
          .as("byte %d", at)
          .isInstanceOfAny(AwsCryptoException.class, IllegalArgumentException.class);
    }
  }

  @Test
  void no_two_messages_of_a_text_are_alike() {
    byte[] text = text(100);

    assertThat(message(text)).isNotEqualTo(message(text));
  }

  @Test
  void another_application_cannot_read_it() {
    byte[] message = message(text(10));

    assertThatThrownBy(() -> new Application().decrypted(message))
        .isInstanceOf(AwsCryptoException.class);
  }
}
