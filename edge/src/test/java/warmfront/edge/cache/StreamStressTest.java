package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;

/** Bodies that come on one thread and are read, or left, on others. */
final class StreamStressTest {
  private static final int ROUNDS = 150;

  @Test
  void every_reader_gets_the_whole_body_or_leaves_and_no_pin_stays() throws Exception {
    run(Edge.limits(16 * Edge.MIB), 700_000);
  }

  @Test
  void also_when_the_body_turns_out_too_long_to_keep() throws Exception {
    run(Edge.limits(Edge.MIB), 700_000);
  }

  private static void run(CacheLimits limits, int lengthMax) throws Exception {
    try (Edge edge = new Edge(limits, List.of());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < ROUNDS; round++) {
        Random random = new Random(round);
        byte[] body = Bodies.random(1 + random.nextInt(lengthMax), round);
        round(edge, threads, body, random);
      }
    }
  }

  private static void round(Edge edge, ExecutorService threads, byte[] body, Random random)
      throws Exception {
    String path = "/" + random.nextLong();
    Tap origin = new Tap();
    // A length that says so beforehand is not taken at all.
    boolean named = body.length <= Edge.MIB / 2 && random.nextBoolean();
    long length = named ? body.length : -1;
    Fetched.Answered answer = Edge.answer(200, Fields.empty(), origin, length);
    Settled settled = edge.settle(edge.miss(path), answer);
    Stored leader = ((Settled.Storing) settled).stored();
    List<Body> bodies = new ArrayList<>(List.of(leader.body()));
    for (int i = 0; i < 2; i++) {
      Stored other = ((Lookup.Hit) edge.look(path)).stored();
      bodies.add(other.body());
      other.release();
    }
    leader.release();

    List<Future<?>> all = new ArrayList<>();
    int part = 1 + random.nextInt(60_000);
    all.add(threads.submit(() -> feed(origin, body, part)));
    boolean leave = random.nextInt(3) == 0;
    all.add(threads.submit(() -> leaveOrRead(bodies.get(0), body, leave)));
    all.add(threads.submit(() -> leaveOrRead(bodies.get(1), body, false)));
    all.add(threads.submit(() -> leaveOrRead(bodies.get(2), body, leave)));
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(origin.out()).isZero();
  }

  private static void feed(Tap origin, byte[] body, int part) {
    for (int at = 0; at < body.length; at += part) {
      origin.give(Arrays.copyOfRange(body, at, Math.min(body.length, at + part)));
    }
    origin.end();
  }

  private static void leaveOrRead(Body body, byte[] expected, boolean leave) {
    if (leave && body instanceof Body.Flowing(Flow flow)) {
      flow.next(new FirstPart(flow));
    } else {
      assertThat(Bodies.bytes(body)).isEqualTo(expected);
    }
  }

  /** Reads one part, then leaves. */
  private record FirstPart(Flow flow) implements Flow.Receiver {
    @Override
    public void part(Slice part) {
      part.release();
      flow.cancel();
    }

    @Override
    public void end() {}

    @Override
    public void broken(String reason) {}
  }
}
