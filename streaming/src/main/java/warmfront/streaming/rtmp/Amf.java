package warmfront.streaming.rtmp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A value of the Action Message Format, as commands and script data carry it, whether it was
 * written as AMF0 or AMF3. Immutable. What has no meaning for streaming (XML, byte arrays, external
 * objects, dictionaries) is refused where it is read; classes of typed objects are forgotten.
 */
public sealed interface Amf {
  /** A number; also what AMF3 calls an integer. */
  record Numeral(double value) implements Amf {}

  /** True or false. */
  record Truth(boolean value) implements Amf {}

  /** A string, long ones too. */
  record Text(String value) implements Amf {}

  /** An anonymous object, its members in the order in which they were written. */
  record Members(SequencedMap<String, Amf> values) implements Amf {
    public Members {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }
  }

  /** An associative array (ECMA array). */
  record Associative(SequencedMap<String, Amf> values) implements Amf {
    public Associative {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }
  }

  /** An array with places from 0 on. */
  record Strict(List<Amf> values) implements Amf {
    public Strict {
      values = List.copyOf(values);
    }
  }

  /** A date, in milliseconds since 1970-01-01T00:00Z. */
  record Date(double millis) implements Amf {}

  /** Nothing: null and undefined. */
  enum Nothing implements Amf {
    NULL,
    UNDEFINED
  }

  /** Returns a number. */
  static Amf of(double value) {
    return new Numeral(value);
  }

  /** Returns a string. */
  static Amf of(String value) {
    return new Text(value);
  }

  /** Returns true or false. */
  static Amf of(boolean value) {
    return new Truth(value);
  }

  /** Returns null. */
  static Amf nothing() {
    return Nothing.NULL;
  }

  /** Returns an object with these members, in their order. */
  static Amf of(SequencedMap<String, Amf> members) {
    return new Members(members);
  }

  /** Returns the members of an object or an associative array; none of any other value. */
  default Map<String, Amf> members() {
    return switch (this) {
      case Members object -> object.values();
      case Associative array -> array.values();
      case Numeral _, Truth _, Text _, Strict _, Date _, Nothing _ -> Map.of();
    };
  }

  /** Returns the text of a string. */
  default Optional<String> text() {
    return this instanceof Text text ? Optional.of(text.value()) : Optional.empty();
  }
}
