package warmfront.streaming.play;

import java.util.Optional;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;

/**
 * What a viewer asks to play (RTMP 1.0, sections 7.2.2.1 and 7.2.2.2).
 *
 * @param name of what
 * @param start where in it, in milliseconds; {@link #LIVE_ONLY} and {@link #ANY} as Flash has them
 * @param length how much of it, in milliseconds; negative to its end, 0 for one picture
 * @param reset whether what is playing ends for it, rather than going first
 */
record PlayRequest(MediaName name, long start, long length, boolean reset) {
  /** A live stream, or else a file. */
  static final long ANY = -2000;

  /** A live stream, and no file. */
  static final long LIVE_ONLY = -1000;

  /** Reads a play command; nothing if no object can have the name. */
  static Optional<PlayRequest> of(Command play) {
    boolean reset = play.value(4) instanceof Amf.Nothing || play.truth(4);
    return play.text(1)
        .flatMap(MediaName::of)
        .map(name ->
            new PlayRequest(
                name, start(play.number(2).orElse(ANY)), length(play.number(3).orElse(-1)), reset));
  }

  /** Reads the options of a play2 command; nothing if no object can have the name. */
  static Optional<PlayRequest> ofOptions(Command play2, boolean reset) {
    return option(play2, "streamName")
        .text()
        .flatMap(MediaName::of)
        .map(name ->
            new PlayRequest(
                name,
                start(number(option(play2, "start"), ANY)),
                length(number(option(play2, "len"), -1)),
                reset));
  }

  /** Returns an option of a play2 command; null if it is not there. */
  static Amf option(Command play2, String name) {
    return play2.value(1).members().getOrDefault(name, Amf.nothing());
  }

  /** Returns where to begin, in milliseconds. */
  long startMillis() {
    return Math.max(0, start);
  }

  /** Returns where to end, in milliseconds of the medium. */
  long endMillis() {
    return length < 0 ? Playback.TO_THE_END : startMillis() + length;
  }

  private static double number(Amf value, double otherwise) {
    return value instanceof Amf.Numeral number ? number.value() : otherwise;
  }

  /** Some clients say seconds where they mean Flash's constants: -1 and -2. */
  private static long start(double given) {
    if (given >= 0) {
      return (long) Math.min(given, Integer.MAX_VALUE);
    }
    return given == LIVE_ONLY || given == -1 ? LIVE_ONLY : ANY;
  }

  private static long length(double given) {
    return given >= 0 ? (long) Math.min(given, Integer.MAX_VALUE) : -1;
  }
}
