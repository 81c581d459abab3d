package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import warmfront.edge.step.Hello;
import warmfront.edge.step.Hello.Offers;

/**
 * Reads a ClientHello (RFC 8446, section 4.1.2) without moving the reader's index. What is not in
 * its form is left to the TLS library to refuse: it has no fingerprint.
 */
final class HelloReader {
  private static final int RANDOM_BYTES = 32;
  private static final int GROUPS = 10;
  private static final int POINT_FORMATS = 11;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int APPLICATION_PROTOCOLS = 16;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int[] NONE = {};

  private int[] groups = NONE;
  private int[] formats = NONE;
  private int[] signatures = NONE;
  private int[] versions = NONE;
  private String protocol = "";

  private HelloReader() {}

  /** Returns what a hello says, from its version on; empty if it is not in its form. */
  static Optional<Hello> read(ByteBuf message) {
    try {
      return Optional.of(new HelloReader().hello(message.slice()));
    } catch (IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private Hello hello(ByteBuf in) {
    int version = in.readUnsignedShort();
    in.skipBytes(RANDOM_BYTES);
    in.skipBytes(in.readUnsignedByte()); // the session's id
    int[] ciphers = pairs(in.readSlice(in.readUnsignedShort()));
    in.skipBytes(in.readUnsignedByte()); // methods of compression
    int[] extensions = in.isReadable() ? extensions(in.readSlice(in.readUnsignedShort())) : NONE;
    Offers offers = new Offers(groups, formats, signatures, versions, protocol);
    return new Hello(version, ciphers, extensions, offers);
  }

  private int[] extensions(ByteBuf in) {
    int[] numbers = new int[in.readableBytes() / 4]; // the shortest has a number and a length
    int count = 0;
    while (in.isReadable()) {
      int number = in.readUnsignedShort();
      numbers[count++] = number;
      read(number, in.readSlice(in.readUnsignedShort()));
    }
    return Arrays.copyOf(numbers, count);
  }

  private void read(int extension, ByteBuf in) {
    switch (extension) {
      case GROUPS -> groups = pairs(in.readSlice(in.readUnsignedShort()));
      case POINT_FORMATS -> formats = singles(in.readSlice(in.readUnsignedByte()));
      case SIGNATURE_ALGORITHMS -> signatures = pairs(in.readSlice(in.readUnsignedShort()));
      case SUPPORTED_VERSIONS -> versions = pairs(in.readSlice(in.readUnsignedByte()));
      case APPLICATION_PROTOCOLS -> {
        ByteBuf list = in.readSlice(in.readUnsignedShort());
        protocol =
            list.readCharSequence(list.readUnsignedByte(), StandardCharsets.ISO_8859_1).toString();
      }
      default -> {} // that it is there counts
    }
  }

  private static int[] pairs(ByteBuf in) {
    int[] values = new int[in.readableBytes() / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readUnsignedShort();
    }
    return values;
  }

  private static int[] singles(ByteBuf in) {
    int[] values = new int[in.readableBytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readUnsignedByte();
    }
    return values;
  }
}
