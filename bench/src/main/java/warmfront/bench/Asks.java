package warmfront.bench;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** What viewers ask for, request by request. Used by one thread. */
@FunctionalInterface
interface Asks {
  /** The host that every request names. */
  String HOST = "bench.test";

  /** Returns the bytes of the next request. */
  byte[] next();

  /** Always the same path. */
  static Asks fixed(String path) {
    byte[] request = get(path);
    return () -> request;
  }

  /** Paths that start with {@code prefix} and never come twice. */
  static Asks unique(String prefix) {
    return new Asks() {
      private long asked;

      @Override
      public byte[] next() {
        return get(prefix + asked++);
      }
    };
  }

  /** One of {@code objects} paths each time; the nth is asked 1/n as often as the first (Zipf). */
  static Asks zipf(String prefix, int objects, RandomGenerator random) {
    double span = Math.log(objects);
    return () -> get(prefix + ((long) Math.exp(span * random.nextDouble()) - 1));
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
