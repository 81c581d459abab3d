package warmfront.routing.dns;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the DNS server did, since the start. Thread-safe. */
public final class DnsCounters {
  /** How a query came. */
  public enum Transport {
    UDP,
    TCP
  }

  /**
   * The counts at a moment.
   *
   * @param responses replies by response code
   * @param questions well-formed questions by record type
   * @param transports replies by how the query came
   * @param silent datagrams and messages that got no reply: too short, or replies themselves
   * @param truncated replies that sent the client to TCP
   * @param slipped replies beyond the rate that told the client to prove its address
   * @param dropped queries beyond the rate that got no reply
   * @param connectionsRefused TCP connections beyond a limit
   * @param failures queries that met a fault of ours
   */
  public record Counts(
      Map<ResponseCode, Long> responses,
      Map<RecordType, Long> questions,
      Map<Transport, Long> transports,
      long silent,
      long truncated,
      long slipped,
      long dropped,
      long connectionsRefused,
      long failures) {}

  private final Map<ResponseCode, LongAdder> responses = adders(ResponseCode.class);
  private final Map<RecordType, LongAdder> questions = adders(RecordType.class);
  private final Map<Transport, LongAdder> transports = adders(Transport.class);
  final LongAdder silent = new LongAdder();
  final LongAdder truncated = new LongAdder();
  final LongAdder slipped = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder connectionsRefused = new LongAdder();
  final LongAdder failures = new LongAdder();

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> all = new EnumMap<>(type);
    for (E one : type.getEnumConstants()) {
      all.put(one, new LongAdder());
    }
    return all;
  }

  void responded(ResponseCode code, Transport transport) {
    increment(responses, code);
    increment(transports, transport);
  }

  void asked(RecordType type) {
    increment(questions, type);
  }

  private static <E extends Enum<E>> void increment(Map<E, LongAdder> all, E one) {
    LongAdder adder = all.get(one);
    if (adder != null) {
      adder.increment();
    }
  }

  /** Returns the counts now. */
  public Counts counts() {
    return new Counts(
        sums(ResponseCode.class, responses),
        sums(RecordType.class, questions),
        sums(Transport.class, transports),
        silent.sum(),
        truncated.sum(),
        slipped.sum(),
        dropped.sum(),
        connectionsRefused.sum(),
        failures.sum());
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Class<E> type, Map<E, LongAdder> all) {
    Map<E, Long> sums = new EnumMap<>(type);
    all.forEach((one, adder) -> sums.put(one, adder.sum()));
    return sums;
  }
}
