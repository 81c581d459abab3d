package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;

/** What the connections of one event loop share; used on that loop only. */
final class Loop {
  private static final long SWEEP_MILLIS = 500;
  private static final DateTimeFormatter DATE = // RFC 9110, 5.6.7
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final EventLoop executor;
  private final Setup setup;
  private final RequestIds ids;
  private final HeadParser parser;
  private final byte[] scratch;
  private final Http2Desk http2;
  private final Http2Desk http3;
  private final QpackDecoder qpack;
  private final Http1Head head = new Http1Head(this);
  private final Outbox outbox = new Outbox();
  private final Inbox inbox = new Inbox();
  private final Set<Connection> connections = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Visit> visits = Collections.newSetFromMap(new IdentityHashMap<>());
  private final RoundTrips roundTrips;
  private final @Nullable Splicer splicer = Splicer.open().orElse(null);
  private long second = Long.MIN_VALUE;
  private byte[] dateLine = new byte[0];
  private byte[] dateText = new byte[0];
  private boolean draining;
  private int shaking;

  Loop(EventLoop executor, Setup setup, RandomGenerator chance) {
    this.executor = executor;
    this.setup = setup;
    ids = new RequestIds(chance);
    parser = new HeadParser(setup.limits().message());
    scratch = new byte[setup.limits().message().headBytesMax()];
    http2 = new Http2Desk(setup.limits(), Protocol.HTTP_2);
    http3 = new Http2Desk(setup.limits(), Protocol.HTTP_3);
    qpack = new QpackDecoder(http3);
    roundTrips = new RoundTrips(setup.limits().connection().rangesMax(), chance, setup.tally());
  }

  /** Begins to look after connections. */
  void start() {
    var _ =
        executor.scheduleAtFixedRate(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks whether a viewer takes too long. */
  void sweep() {
    long now = nanos();
    for (Connection connection : connections.toArray(Connection[]::new)) {
      connection.sweep(now);
    }
    visits.forEach(visit -> visit.tell(now));
    setup.guests().sweep(now);
  }

  /** Counts a viewer's connection with those of its address; false if that has too many. */
  boolean admit(Channel channel, InetAddress viewer) {
    @Nullable Visit visit = setup.guests().enter(viewer, nanos());
    if (visit == null) {
      tally().addressFull();
      return false;
    }
    if (visit != Visit.UNCOUNTED) {
      visit.is(channel);
      visits.add(visit);
      channel
          .closeFuture()
          .addListener(_ -> {
            visits.remove(visit);
            setup.guests().leave(visit, nanos());
          });
    }
    return true;
  }

  /** Ends each connection after what is under way; those that come later as well. */
  void drain() {
    draining = true;
    for (Connection connection : connections.toArray(Connection[]::new)) {
      connection.drain();
    }
  }

  boolean draining() {
    return draining;
  }

  /** So many more, or fewer, viewers over QUIC are in the midst of their handshake. */
  void shaking(int change) {
    shaking += change;
  }

  /** Returns whether a viewer over QUIC has to prove its address before anything is kept for it. */
  boolean isCrowded() {
    return shaking >= limits().http3().unprovenMax();
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  EventLoop executor() {
    return executor;
  }

  Setup setup() {
    return setup;
  }

  Limits limits() {
    return setup.limits();
  }

  Tally tally() {
    return setup.tally();
  }

  HeadParser parser() {
    return parser;
  }

  /** Returns room for a header of the largest size, lent until the caller returns. */
  byte[] scratch() {
    return scratch;
  }

  /** Returns what HTTP/2 connections share. */
  Http2Desk http2() {
    return http2;
  }

  /** Returns what HTTP/3 connections share. */
  Http2Desk http3() {
    return http3;
  }

  /** Returns what reads header blocks over HTTP/3. */
  QpackDecoder qpack() {
    return qpack;
  }

  Http1Head head() {
    return head;
  }

  Outbox outbox() {
    return outbox;
  }

  /** Has an output flushed when all that the loop woke up for is read. */
  void flushSoon(Http1Output output) {
    if (outbox.add(output)) {
      executor.execute(outbox::send);
    }
  }

  Inbox inbox() {
    return inbox;
  }

  /** Returns how far the viewers of its connections are. */
  RoundTrips roundTrips() {
    return roundTrips;
  }

  /** Returns what gives pages to sockets; null if the system allows none. */
  @Nullable Splicer splicer() {
    return splicer;
  }

  /** Lets go of the memory that connections shared; called when the loop has ended. */
  void end() {
    if (splicer != null) {
      splicer.close();
    }
    outbox.end();
    inbox.end();
  }

  String nextId() {
    return ids.next();
  }

  long nanos() {
    return setup.clock().nanos();
  }

  /** Returns the line Date for HTTP/1; not to be changed. */
  byte[] dateLine() {
    tick();
    return dateLine;
  }

  /** Returns the value of Date for HTTP/2, as HPACK has it; not to be changed. */
  byte[] dateText() {
    tick();
    return dateText;
  }

  private void tick() {
    long now = Math.floorDiv(setup.clock().millis(), 1000L);
    if (now != second) {
      second = now;
      String text = DATE.format(Instant.ofEpochSecond(now));
      dateText = new HpackBlock().shortText(text).copy();
      dateLine = Ascii.bytes("Date: " + text + "\r\n");
    }
  }
}
