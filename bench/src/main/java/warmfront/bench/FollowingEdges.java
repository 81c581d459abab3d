package warmfront.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.Server;
import warmfront.link.Credentials;
import warmfront.link.Enrolment;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.link.FollowerState;
import warmfront.link.JoinToken;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * Edges that follow the log and serve nothing: each has its certificate, its connection with mutual
 * TLS, its stream and its state on disk by the same code as an edge has. One thread; what the edges
 * take is counted by theirs.
 */
final class FollowingEdges implements AutoCloseable {
  private static final int LOOK_MILLIS = 5;

  /** So many begin to follow at once. */
  private static final int TOGETHER = 100;

  /** What all these edges have to say of their comings and goings would be all there is to read. */
  private static final Logger WORDS = Logger.getLogger("warmfront.link");

  private final Clock clock;
  private final Path folder;
  private final List<Member> members = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private final AtomicLong pictures = new AtomicLong();
  private final AtomicLong backwards = new AtomicLong();
  private volatile Expected expected = new Expected(Kind.SERVER, new CountDownLatch(0));

  /** An edge that has joined. */
  private record Member(Credentials credentials, JoinToken token) {}

  /** What all edges wait for. */
  private record Expected(Kind kind, CountDownLatch left) {}

  /** Keeps what the edges have on disk in {@code folder}. */
  FollowingEdges(Clock clock, Path folder) {
    this.clock = clock;
    this.folder = folder;
    WORDS.setLevel(Level.WARNING);
  }

  /** Registers so many further edges, and has them join. */
  void join(ApiCalls api, int count) throws IOException, InterruptedException {
    if (members.isEmpty()) {
      api.fleet("PUT", "locations/FRA?country=DE&latitude=50&longitude=8");
    }
    Enrolment enrolment = new Enrolment(new SecureRandom());
    for (int i = members.size(), end = i + count; i < end; i++) {
      String id = "edge-" + i;
      String listen = "http%3A%2F%2F127.0.0.1%3A" + (20_000 + i);
      String query = "?role=edge&location=FRA&advertise=127.0.0.1&listen=" + listen;
      JoinToken token = JoinToken.parse(api.fleet("PUT", "servers/" + id + query).strip());
      switch (enrolment.join(token, folder.resolve(id))) {
        case Enrolment.Outcome.Joined(Credentials own) -> members.add(new Member(own, token));
        case Enrolment.Outcome.Refused(String why) -> throw new IOException(why);
        case Enrolment.Outcome.Unreachable(String why) -> throw new IOException(why);
      }
    }
  }

  /** Has those follow that do not, a few at a time, and waits until all are there. */
  void follow(long revision) throws IOException, InterruptedException {
    while (followers.size() < members.size()) {
      int end = Math.min(members.size(), followers.size() + TOGETHER);
      for (Member member : members.subList(followers.size(), end)) {
        followers.add(follow(member));
      }
      await(revision);
    }
  }

  private Follower follow(Member member) {
    Credentials own = member.credentials();
    FollowerIdentity identity =
        new FollowerIdentity(own.serverId(), Server.Role.EDGE, clock.millis(), Feature.names());
    return Follower.start(
        identity,
        folder.resolve(own.serverId()).resolve("state"),
        new Taker(),
        new Follower.Surroundings(
            () -> own.channel(member.token().host(), member.token().port()),
            clock,
            new Random(own.serverId().hashCode()),
            Follower.Timing.STANDARD));
  }

  /** Has the last edges be away. */
  void leave(int count) {
    List<Follower> leaving = followers.subList(followers.size() - count, followers.size());
    leaving.parallelStream().forEach(Follower::close);
    leaving.clear();
  }

  /** Waits until all that follow have the log up to a revision, and are connected. */
  void await(long revision) throws IOException, InterruptedException {
    long begin = clock.nanos();
    while (!followers.stream().map(Follower::state).allMatch(state -> isAt(state, revision))) {
      if (clock.nanos() - begin > TimeUnit.MINUTES.toNanos(3)) {
        throw new IOException("edges are not at revision %d in time".formatted(revision));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private static boolean isAt(FollowerState state, long revision) {
    return state.connected() && state.revision() >= revision;
  }

  /** Returns up to where the first edge has the log. */
  long revision() {
    return followers.getFirst().state().revision();
  }

  int count() {
    return followers.size();
  }

  /** Says what the edges are about to take: once each. */
  void expect(Kind kind) {
    expected = new Expected(kind, new CountDownLatch(followers.size()));
  }

  /** Waits until all have taken it; returns how many they are. */
  int awaitExpected() throws IOException, InterruptedException {
    if (!expected.left().await(1, TimeUnit.MINUTES)) {
      throw new IOException("%d edges do not take it".formatted(expected.left().getCount()));
    }
    return followers.size();
  }

  /** Returns how many whole pictures edges took, but for what each took first from its own disk. */
  long pictures() {
    return pictures.get();
  }

  /** Returns how often an edge got something older than what it had. */
  long backwards() {
    return backwards.get();
  }

  /** What an edge does with a picture: it counts. Confined to its follower's thread. */
  private final class Taker implements Subscriber {
    private long revision;
    private boolean begun;

    @Override
    public Verdict take(Snapshot next, List<Entry> changes) {
      if (next.revision() < revision) {
        backwards.incrementAndGet();
      }
      revision = next.revision();
      if (begun && changes.isEmpty()) {
        pictures.incrementAndGet();
      }
      begun = true;
      Expected now = expected;
      if (changes.stream().anyMatch(entry -> entry.kind() == now.kind())) {
        now.left().countDown();
      }
      return new Verdict.Applied();
    }
  }

  @Override
  public void close() {
    leave(followers.size());
  }
}
