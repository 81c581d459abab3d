package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import warmfront.streaming.media.Medium;
import warmfront.streaming.media.Tag;

/** Which codecs of enhanced RTMP a medium needs (Enhanced RTMP v2, extended tags). */
final class Codecs {
  private static final int EX_VIDEO = 0x80;
  private static final int EX_AUDIO = 9;
  private static final int FOUR_CC_LENGTH = 4;

  private Codecs() {}

  /** Returns a codec of the medium that a viewer does not take, if there is one. */
  static Optional<String> refused(Medium medium, Viewer viewer) {
    return medium.head().stream()
        .flatMap(tag -> fourCc(tag).stream())
        .filter(codec -> !viewer.takes(codec))
        .findFirst();
  }

  private static Optional<String> fourCc(Tag tag) {
    ByteBuffer payload = tag.payload().buffer();
    if (payload.remaining() < 1 + FOUR_CC_LENGTH) {
      return Optional.empty();
    }
    int first = payload.get() & 0xFF;
    boolean extended =
        switch (tag.kind()) {
          case VIDEO -> (first & EX_VIDEO) != 0;
          case AUDIO -> first >> 4 == EX_AUDIO;
          case SCRIPT -> false;
        };
    byte[] code = new byte[FOUR_CC_LENGTH];
    payload.get(code);
    return extended ? Optional.of(new String(code, StandardCharsets.ISO_8859_1)) : Optional.empty();
  }
}
