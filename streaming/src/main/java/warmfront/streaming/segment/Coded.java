package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import warmfront.streaming.media.Tag;

/** What a tag has in it (FLV 10.1, E.4.2 and E.4.3; Enhanced RTMP 1 for the newer codecs). */
sealed interface Coded {
  /** A codec's configuration, for the frames that follow. */
  record Configured(Rendition rendition, Format format) implements Coded {}

  /** A frame. */
  record Framed(Rendition rendition, Frame frame) implements Coded {}

  /** Nothing that segments are made of. */
  record Other() implements Coded {}

  /** Reads a tag; what is malformed or of a codec that is not known here is {@link Other}. */
  static Coded read(Tag tag) {
    ByteBuffer payload = tag.payload().buffer();
    if (payload.remaining() < 2) {
      return new Other();
    }
    return switch (tag.kind()) {
      case AUDIO -> audio(tag.millis(), payload);
      case VIDEO ->
          payload.get(0) < 0 ? enhanced(tag.millis(), payload) : video(tag.millis(), payload);
      case SCRIPT -> new Other();
    };
  }

  private static Coded audio(long millis, ByteBuffer payload) {
    if ((payload.get(0) & 0xF0) != 0xA0) {
      return new Other();
    }
    ByteBuffer data = payload.slice(2, payload.limit() - 2);
    return switch (payload.get(1)) {
      case 0 -> configured(Rendition.AUDIO, Aac.format(data));
      case 1 -> framed(Rendition.AUDIO, new Frame(millis, 0, true, data));
      default -> new Other();
    };
  }

  private static Coded video(long millis, ByteBuffer payload) {
    if ((payload.get(0) & 15) != 7 || payload.remaining() < 5) {
      return new Other();
    }
    ByteBuffer data = payload.slice(5, payload.limit() - 5);
    return switch (payload.get(1)) {
      case 0 -> configured(Rendition.VIDEO, Avc.format(data));
      case 1 ->
          framed(
              Rendition.VIDEO,
              new Frame(millis, signed24(payload, 2), payload.get(0) >> 4 == 1, data));
      default -> new Other();
    };
  }

  /** Enhanced RTMP: the kind of packet in the first byte, the codec in four more. */
  private static Coded enhanced(long millis, ByteBuffer payload) {
    if (payload.remaining() < 5) {
      return new Other();
    }
    String codec = StandardCharsets.ISO_8859_1.decode(payload.slice(1, 4)).toString();
    if (!codec.equals("hvc1") && !codec.equals("avc1")) {
      return new Other();
    }
    boolean key = (payload.get(0) >> 4 & 7) == 1;
    ByteBuffer data = payload.slice(5, payload.limit() - 5);
    return switch (payload.get(0) & 15) {
      case 0 ->
          configured(Rendition.VIDEO, codec.equals("hvc1") ? Hevc.format(data) : Avc.format(data));
      case 1 ->
          data.remaining() < 3
              ? new Other()
              : framed(
                  Rendition.VIDEO,
                  new Frame(millis, signed24(data, 0), key, data.slice(3, data.limit() - 3)));
      case 3 -> framed(Rendition.VIDEO, new Frame(millis, 0, key, data));
      default -> new Other();
    };
  }

  private static int signed24(ByteBuffer bytes, int at) {
    return bytes.get(at) << 16 | (bytes.get(at + 1) & 0xFF) << 8 | (bytes.get(at + 2) & 0xFF);
  }

  private static Coded configured(Rendition rendition, Optional<Format> format) {
    return format.<Coded>map(found -> new Configured(rendition, found)).orElseGet(Other::new);
  }

  private static Coded framed(Rendition rendition, Frame frame) {
    return frame.bytes().hasRemaining() ? new Framed(rendition, frame) : new Other();
  }
}
