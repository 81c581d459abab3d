package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** AMF0 (Action Message Format, 2007), read and written. */
final class Amf0 {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int ECMA_ARRAY = 8;
  private static final int OBJECT_END = 9;
  private static final int STRICT_ARRAY = 10;
  private static final int DATE = 11;
  private static final int LONG_STRING = 12;
  private static final int UNSUPPORTED = 13;
  private static final int TYPED_OBJECT = 16;
  private static final int AVM_PLUS = 17;
  private static final int SHORT_TEXT_MAX = 0xFFFF;

  private Amf0() {}

  /** Reads a value. */
  static Amf read(AmfInput in) throws ProtocolException {
    in.value();
    int marker = in.unsigned8();
    return switch (marker) {
      case NUMBER -> Amf.of(in.number());
      case BOOLEAN -> Amf.of(in.unsigned8() != 0);
      case STRING -> Amf.of(in.text(in.unsigned16()));
      case LONG_STRING -> Amf.of(in.text(in.length32()));
      case OBJECT -> new Amf.Members(members(in));
      case TYPED_OBJECT -> {
        in.skip(in.unsigned16()); // its class, which is nobody's here
        yield new Amf.Members(members(in));
      }
      case ECMA_ARRAY -> {
        in.skip(4); // how many there are, which some writers leave 0
        yield new Amf.Associative(members(in));
      }
      case STRICT_ARRAY -> strict(in);
      case DATE -> {
        double millis = in.number();
        in.skip(2); // the time zone, which is not to be used (section 2.13)
        yield new Amf.Date(millis);
      }
      case NULL -> Amf.Nothing.NULL;
      case UNDEFINED, UNSUPPORTED -> Amf.Nothing.UNDEFINED;
      case AVM_PLUS -> new Amf3(in).read();
      default -> throw new ProtocolException("no value of AMF0 is marked %d".formatted(marker));
    };
  }

  private static SequencedMap<String, Amf> members(AmfInput in) throws ProtocolException {
    in.enter();
    SequencedMap<String, Amf> members = new LinkedHashMap<>();
    while (true) {
      int length = in.unsigned16();
      if (length == 0 && in.isNext(OBJECT_END)) {
        in.skip(1);
        in.leave();
        return members;
      }
      members.put(in.text(length), read(in));
    }
  }

  private static Amf strict(AmfInput in) throws ProtocolException {
    in.enter();
    List<Amf> values = new ArrayList<>();
    for (int left = in.length32(); left > 0; left--) {
      values.add(read(in));
    }
    in.leave();
    return new Amf.Strict(values);
  }

  /** Writes a value. */
  static void write(ByteBuf out, Amf value) {
    switch (value) {
      case Amf.Numeral number -> out.writeByte(NUMBER).writeDouble(number.value());
      case Amf.Truth truth -> out.writeByte(BOOLEAN).writeBoolean(truth.value());
      case Amf.Text text -> text(out, text.value());
      case Amf.Members object -> {
        out.writeByte(OBJECT);
        members(out, object.values());
      }
      case Amf.Associative array -> {
        out.writeByte(ECMA_ARRAY).writeInt(array.values().size());
        members(out, array.values());
      }
      case Amf.Strict array -> {
        out.writeByte(STRICT_ARRAY).writeInt(array.values().size());
        array.values().forEach(each -> write(out, each));
      }
      case Amf.Date date -> out.writeByte(DATE).writeDouble(date.millis()).writeShort(0);
      case Amf.Nothing nothing -> out.writeByte(nothing == Amf.Nothing.NULL ? NULL : UNDEFINED);
    }
  }

  private static void members(ByteBuf out, Map<String, Amf> members) {
    members.forEach((name, value) -> {
      int length = ByteBufUtil.utf8Bytes(name);
      if (length > SHORT_TEXT_MAX) {
        throw new IllegalArgumentException("a member's name has 65535 bytes at most: " + length);
      }
      out.writeShort(length).writeCharSequence(name, UTF_8);
      write(out, value);
    });
    out.writeShort(0).writeByte(OBJECT_END);
  }

  private static void text(ByteBuf out, String text) {
    int length = ByteBufUtil.utf8Bytes(text);
    if (length > SHORT_TEXT_MAX) {
      out.writeByte(LONG_STRING).writeInt(length);
    } else {
      out.writeByte(STRING).writeShort(length);
    }
    out.writeCharSequence(text, UTF_8);
  }
}
