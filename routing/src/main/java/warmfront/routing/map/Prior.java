package warmfront.routing.map;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import warmfront.distribution.Location;
import warmfront.distribution.Rendezvous;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;

/**
 * What geography says of round-trip times, quickly: a product of vectors and a table instead of
 * trigonometry. Owned by the map maker.
 */
final class Prior {
  /** Where nobody knows where a range is: half the world is nearer. */
  private static final double UNKNOWN_LOG = Math.log(50_000);

  private static final double MICROS_PER_MILLI = 1000;

  /** Steps of the chord through the earth: 3 km each. */
  private static final int STEPS = 4096;

  /** The step to what is not known where. */
  static final int NOWHERE = -1;

  /** So far a range may be from where a table has it before the table is wrong. */
  private static final double SLACK_KM = 500;

  private static final float[] LOGS = new float[STEPS + 1];
  private static final float[] LEAST_LOGS = new float[STEPS + 1];

  static {
    Coordinates here = new Coordinates(0, 0);
    for (int i = 0; i <= STEPS; i++) {
      double degrees = Math.toDegrees(2 * Math.asin(i / (double) STEPS));
      Coordinates there = new Coordinates(0, degrees);
      LOGS[i] = (float) Math.log(here.millisTo(there) * MICROS_PER_MILLI);
      double least = Numbering.leastMillis(here, there, SLACK_KM);
      LEAST_LOGS[i] = (float) Math.log(Math.max(1, least * MICROS_PER_MILLI));
    }
  }

  /** Most places whose nearest locations are remembered. */
  private static final int PLACES_MAX = 1 << 14;

  private final Map<Integer, int[]> nearest = new HashMap<>();
  private float[] x = {};
  private float[] y = {};
  private float[] z = {};
  private int[] used = {};

  /** Is asked of these locations from now on. */
  void use(Numbering numbering) {
    int size = numbering.size();
    x = new float[size];
    y = new float[size];
    z = new float[size];
    int[] found = new int[size];
    int count = 0;
    for (int number = 0; number < size; number++) {
      if (numbering.location(number).isPresent()) {
        Location one = numbering.location(number).get();
        Coordinates at = new Coordinates(one.latitude(), one.longitude());
        x[number] = (float) x(at);
        y[number] = (float) y(at);
        z[number] = (float) z(at);
        found[count++] = number;
      }
    }
    used = Arrays.copyOf(found, count);
    nearest.clear();
  }

  private static double x(Coordinates at) {
    return Math.cos(Math.toRadians(at.latitude())) * Math.cos(Math.toRadians(at.longitude()));
  }

  private static double y(Coordinates at) {
    return Math.cos(Math.toRadians(at.latitude())) * Math.sin(Math.toRadians(at.longitude()));
  }

  private static double z(Coordinates at) {
    return Math.sin(Math.toRadians(at.latitude()));
  }

  /** A place, ready to be asked from. */
  final class From {
    private int place = Ranges.NONE;
    private float fromX;
    private float fromY;
    private float fromZ;

    /** Goes to a cell of the {@link Grid}, or to {@link Ranges#NONE}. */
    void go(int to) {
      if (to == place) {
        return;
      }
      place = to;
      if (to != Ranges.NONE) {
        Coordinates at = Grid.middle(to);
        fromX = (float) x(at);
        fromY = (float) y(at);
        fromZ = (float) z(at);
      }
    }

    boolean isSomewhere() {
      return place != Ranges.NONE;
    }

    /** Returns how far a location is, as a step; {@link #NOWHERE} where nobody knows. */
    int step(int location) {
      if (place == Ranges.NONE) {
        return NOWHERE;
      }
      double dot = fromX * x[location] + fromY * y[location] + fromZ * z[location];
      double halfChord = Math.sqrt(Math.max(0, (1 - dot) / 2));
      return (int) Math.min(STEPS, halfChord * STEPS);
    }
  }

  /** Returns the logarithm of the round-trip time in microseconds that is to be expected. */
  static double logMicros(int step) {
    return step == NOWHERE ? UNKNOWN_LOG : LOGS[step];
  }

  /** Returns the logarithm of the least time in microseconds that light allows; 0 if unknown. */
  static double leastLog(int step) {
    return step == NOWHERE ? 0 : LEAST_LOGS[step];
  }

  From from() {
    return new From();
  }

  /** Returns all locations. */
  int[] all() {
    return used;
  }

  /** Returns the locations nearest to a place, as many as a range has candidates at most. */
  int[] nearest(int place) {
    int[] known = nearest.get(place);
    if (known != null) {
      return known;
    }
    if (nearest.size() >= PLACES_MAX) {
      nearest.clear();
    }
    From from = from();
    from.go(place);
    int[] found = new int[Math.min(Prefixes.WIDTH, used.length)];
    double[] logs = new double[found.length];
    int count = 0;
    for (int location : used) {
      // Where nothing is known, locations come in an order of the place's own.
      double log =
          place == Ranges.NONE ? Rendezvous.mix(location) >>> 11 : logMicros(from.step(location));
      int at = count;
      while (at > 0 && logs[at - 1] > log) {
        at--;
      }
      if (at < found.length) {
        int moved = Math.min(count, found.length - 1) - at;
        System.arraycopy(logs, at, logs, at + 1, moved);
        System.arraycopy(found, at, found, at + 1, moved);
        logs[at] = log;
        found[at] = location;
        count = Math.min(count + 1, found.length);
      }
    }
    nearest.put(place, found);
    return found;
  }
}
