package warmfront.streaming.rtmp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads AMF3 (Action Message Format, 2013), which Flash sends within AMF0 if it was told to; it
 * understands AMF0 in return. References to objects are refused, because a value is a tree here;
 * those to strings and traits are not.
 */
final class Amf3 {
  private static final int UNDEFINED = 0;
  private static final int NULL = 1;
  private static final int FALSE = 2;
  private static final int TRUE = 3;
  private static final int INTEGER = 4;
  private static final int DOUBLE = 5;
  private static final int STRING = 6;
  private static final int DATE = 8;
  private static final int ARRAY = 9;
  private static final int OBJECT = 10;

  private final AmfInput in;
  private final List<String> strings = new ArrayList<>();
  private final List<Traits> traits = new ArrayList<>();

  /** What an object is like (section 3.12). */
  private record Traits(boolean isDynamic, List<String> names) {}

  Amf3(AmfInput in) {
    this.in = in;
  }

  /** Reads a value. */
  Amf read() throws ProtocolException {
    in.value();
    int marker = in.unsigned8();
    return switch (marker) {
      case UNDEFINED -> Amf.Nothing.UNDEFINED;
      case NULL -> Amf.Nothing.NULL;
      case FALSE -> Amf.of(false);
      case TRUE -> Amf.of(true);
      case INTEGER -> Amf.of(unsigned29() << 3 >> 3); // its 29th bit is its sign
      case DOUBLE -> Amf.of(in.number());
      case STRING -> Amf.of(text());
      case DATE -> {
        inline("date");
        yield new Amf.Date(in.number());
      }
      case ARRAY -> array();
      case OBJECT -> object();
      default -> throw new ProtocolException("no value of AMF3 is marked %d".formatted(marker));
    };
  }

  private Amf array() throws ProtocolException {
    int count = inline("array");
    in.enter();
    SequencedMap<String, Amf> members = new LinkedHashMap<>();
    named(members);
    List<Amf> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(read());
    }
    in.leave();
    if (members.isEmpty()) {
      return new Amf.Strict(values);
    }
    for (int i = 0; i < count; i++) {
      members.put(Integer.toString(i), values.get(i));
    }
    return new Amf.Associative(members);
  }

  private Amf object() throws ProtocolException {
    Traits shape = traits(inline("object"));
    in.enter();
    SequencedMap<String, Amf> members = new LinkedHashMap<>();
    for (String name : shape.names) {
      members.put(name, read());
    }
    if (shape.isDynamic) {
      named(members);
    }
    in.leave();
    return new Amf.Members(members);
  }

  /** Reads names and values until a name is empty. */
  private void named(SequencedMap<String, Amf> members) throws ProtocolException {
    for (String name = text(); !name.isEmpty(); name = text()) {
      members.put(name, read());
    }
  }

  private Traits traits(int bits) throws ProtocolException {
    if ((bits & 1) == 0) {
      return known(traits, bits >> 1);
    }
    if ((bits & 2) != 0) {
      throw new ProtocolException("an object of AMF3 that only its own class can read");
    }
    boolean isDynamic = (bits & 4) != 0;
    text(); // its class, which is nobody's here
    List<String> names = new ArrayList<>();
    for (int left = bits >> 3; left > 0; left--) {
      in.value();
      names.add(text());
    }
    Traits read = new Traits(isDynamic, names);
    traits.add(read);
    return read;
  }

  private String text() throws ProtocolException {
    int bits = unsigned29();
    if ((bits & 1) == 0) {
      return known(strings, bits >> 1);
    }
    String text = in.text(bits >> 1);
    if (!text.isEmpty()) {
      strings.add(text);
    }
    return text;
  }

  /** Reads the bits ahead of a value that is not a reference. */
  private int inline(String what) throws ProtocolException {
    int bits = unsigned29();
    if ((bits & 1) == 0) {
      throw new ProtocolException("a reference to a value of AMF3: " + what);
    }
    return bits >> 1;
  }

  private static <T> T known(List<T> all, int index) throws ProtocolException {
    if (index >= all.size()) {
      throw new ProtocolException("a reference of AMF3 to nothing: %d".formatted(index));
    }
    return all.get(index);
  }

  /** Reads an integer of 1 to 4 bytes (section 1.3.1). */
  private int unsigned29() throws ProtocolException {
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int next = in.unsigned8();
      value = value << 7 | (next & 0x7F);
      if (next < 0x80) {
        return value;
      }
    }
    return value << 8 | in.unsigned8();
  }
}
