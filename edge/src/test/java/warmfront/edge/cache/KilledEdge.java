package warmfront.edge.cache;

import java.nio.file.Path;
import java.util.List;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.time.Clock;

/** A process that stores objects until it is killed, and says how far it is. */
final class KilledEdge {
  private KilledEdge() {}

  /** Arguments: the directory, and the number of the first object. */
  public static void main(String[] arguments) throws InterruptedException {
    Cache cache = open(Path.of(arguments[0]));
    for (int i = Integer.parseInt(arguments[1]); ; i++) {
      if (cache.look(Edge.key("/" + i), Edge.RULE, Clock.system().nanos())
          instanceof Lookup.Miss(Fill fill)) {
        Settled settled = cache.settle(fill, Edge.ok(body(i)), Edge.RULE);
        ((Settled.Storing) settled).stored().release();
      }
      if (cache.look(Edge.key("/" + i), Edge.RULE, Clock.system().nanos())
          instanceof Lookup.Hit(Stored stored)) {
        stored.release(); // asked for twice: a full disk takes it, too
      }
      if (i % 50 == 49) {
        cache.drain(10_000); // a slow machine's disk keeps up, too
      }
      System.out.println(i);
    }
  }

  static Cache open(Path directory) {
    return Cache.open(
        Edge.limits(8 * Edge.MIB, 2 * Edge.MIB, 10),
        List.of(new DiskSpace(directory, 32 << 20, 0)),
        Clock.system());
  }

  static byte[] body(int number) {
    // Every fortieth is long: slices of its own.
    int length = number % 40 == 7 ? 1_200_000 : 1000 + number * 7919 % 60_000;
    return Bodies.random(length, number);
  }
}
