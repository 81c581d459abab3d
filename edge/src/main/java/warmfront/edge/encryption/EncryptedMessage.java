package warmfront.edge.encryption;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import warmfront.edge.step.Encryption.Recipient;

/**
 * A message in the format of the AWS Encryption SDK, version 1 (its developer guide, "AWS
 * Encryption SDK message format reference"): a header with the data key, wrapped for one recipient,
 * and a body of frames.
 *
 * <p>The algorithm suite is 0x0178: a data key of 256 bits for this message alone, from which
 * HKDF-SHA256 derives the key of AES-256-GCM. It is not signed: a signature's key would be made
 * here and stand in the message itself, so it would prove nothing, as whoever knows the public key
 * can make messages anyway. Suites with key commitment need version 2, which programs that follow
 * CloudFront's guide do not read.
 */
final class EncryptedMessage {
  private static final int VERSION = 1;
  private static final int CUSTOMER_DATA = 0x80;
  private static final int SUITE = 0x0178;
  private static final int MESSAGE_ID_BYTES = 16;
  private static final int FRAMED = 2;
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LAST_FRAME = 0xFFFFFFFF;

  /** As the SDK has it unless it is told otherwise. */
  private static final int FRAME_BYTES = 4096;

  private static final byte[] FRAME = ascii("AWSKMSEncryptionClient Frame");
  private static final byte[] FINAL_FRAME = ascii("AWSKMSEncryptionClient Final Frame");

  /** CloudFront: RSA/ECB/OAEPWithSHA-256AndMGF1Padding, as the SDK reads it. */
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private final byte[] id = new byte[MESSAGE_ID_BYTES];
  private final SecretKey key;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private EncryptedMessage(Recipient recipient, SecureRandom random)
      throws GeneralSecurityException, IOException {
    byte[] dataKey = new byte[KEY_BYTES];
    random.nextBytes(dataKey);
    random.nextBytes(id);
    key = derived(dataKey);
    header(recipient, wrapped(dataKey, recipient));
  }

  /** Returns the message that has a text for one recipient. */
  static byte[] of(byte[] text, Recipient recipient, SecureRandom random) {
    try {
      EncryptedMessage message = new EncryptedMessage(recipient, random);
      message.body(text);
      return message.bytes.toByteArray();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has these algorithms", e);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
  }

  private SecretKey derived(byte[] dataKey) throws GeneralSecurityException {
    byte[] info = ByteBuffer.allocate(2 + MESSAGE_ID_BYTES).putShort((short) SUITE).put(id).array();
    return KDF.getInstance("HKDF-SHA256")
        .deriveKey(
            "AES",
            HKDFParameterSpec.ofExtract()
                .addIKM(new SecretKeySpec(dataKey, "Generic"))
                .thenExpand(info, KEY_BYTES));
  }

  private static byte[] wrapped(byte[] dataKey, Recipient recipient)
      throws GeneralSecurityException {
    Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
    rsa.init(Cipher.ENCRYPT_MODE, recipient.key(), OAEP);
    return rsa.doFinal(dataKey);
  }

  private void header(Recipient recipient, byte[] wrappedKey)
      throws GeneralSecurityException, IOException {
    out.writeByte(VERSION);
    out.writeByte(CUSTOMER_DATA);
    out.writeShort(SUITE);
    out.write(id);
    out.writeShort(0); // no encryption context
    out.writeShort(1); // data keys
    counted(recipient.providerId().getBytes(StandardCharsets.UTF_8));
    counted(recipient.keyName().getBytes(StandardCharsets.UTF_8));
    counted(wrappedKey);
    out.writeByte(FRAMED);
    out.writeInt(0); // reserved
    out.writeByte(IV_BYTES);
    out.writeInt(FRAME_BYTES);
    byte[] covered = bytes.toByteArray();
    byte[] iv = iv(0);
    out.write(iv);
    out.write(sealed(iv, covered, new byte[0]));
  }

  private void counted(byte[] field) throws IOException {
    out.writeShort(field.length);
    out.write(field);
  }

  private void body(byte[] text) throws GeneralSecurityException, IOException {
    int number = 1;
    int from = 0;
    for (; text.length - from > FRAME_BYTES; from += FRAME_BYTES) {
      frame(number, false, Arrays.copyOfRange(text, from, from + FRAME_BYTES));
      number++;
    }
    out.writeInt(LAST_FRAME);
    frame(number, true, Arrays.copyOfRange(text, from, text.length));
  }

  private void frame(int number, boolean last, byte[] text)
      throws GeneralSecurityException, IOException {
    byte[] iv = iv(number);
    out.writeInt(number);
    out.write(iv);
    byte[] kind = last ? FINAL_FRAME : FRAME;
    if (last) {
      out.writeInt(text.length);
    }
    byte[] covered =
        ByteBuffer.allocate(MESSAGE_ID_BYTES + kind.length + Integer.BYTES + Long.BYTES)
            .put(id)
            .put(kind)
            .putInt(number)
            .putLong(text.length)
            .array();
    out.write(sealed(iv, covered, text));
  }

  /** The header has number 0, frames count from 1: no two have the same under one key. */
  private static byte[] iv(int number) {
    return ByteBuffer.allocate(IV_BYTES).putLong(0).putInt(number).array();
  }

  /** Returns the ciphertext and the tag over it and what is covered. */
  private byte[] sealed(byte[] iv, byte[] covered, byte[] text) throws GeneralSecurityException {
    Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, iv));
    aes.updateAAD(covered);
    return aes.doFinal(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
