package warmfront.streaming.rtmp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A command of the peer (RTMP 1.0, section 7.2).
 *
 * @param streamId the message stream that it is sent on, 0 for the connection's own
 * @param name as {@code connect}, {@code play}
 * @param transaction what the answer names; 0 if none is wanted
 * @param values what follows: the command object, or null, and then the arguments
 */
public record Command(int streamId, String name, double transaction, List<Amf> values) {
  public Command {
    values = List.copyOf(values);
  }

  /**
   * Returns a value, from 0 on, of which the first is the command object; null if there is none.
   */
  public Amf value(int index) {
    return index < values.size() ? values.get(index) : Amf.nothing();
  }

  /** Returns a value's text, if it is a string. */
  public Optional<String> text(int index) {
    return value(index).text();
  }

  /** Returns a value's number, if it is one. */
  public OptionalDouble number(int index) {
    return value(index) instanceof Amf.Numeral number
        ? OptionalDouble.of(number.value())
        : OptionalDouble.empty();
  }

  /** Returns whether a value is true; a number other than 0 is. */
  public boolean truth(int index) {
    return switch (value(index)) {
      case Amf.Truth truth -> truth.value();
      case Amf.Numeral number -> number.value() != 0;
      case Amf.Text _, Amf.Members _, Amf.Associative _, Amf.Strict _, Amf.Date _, Amf.Nothing _ ->
          false;
    };
  }
}
