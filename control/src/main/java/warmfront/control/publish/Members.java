package warmfront.control.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import warmfront.control.publish.ServerStatus.Presence;
import warmfront.control.store.LogHead;
import warmfront.distribution.Server;
import warmfront.link.Held;
import warmfront.snapshot.Chain;
import warmfront.time.Clock;

/** The servers of the fleet and how far each has come. Thread-safe; never waits. */
final class Members {
  /**
   * How far a server says it is.
   *
   * @param epoch of the log it has
   * @param revision up to which it obeys it
   * @param held what it does not obey
   * @param kept edges without a lease to which it sends viewers all the same
   */
  record Word(long epoch, long revision, List<Held> held, Set<String> kept) {
    Word {
      held = List.copyOf(held);
      kept = Set.copyOf(kept);
    }
  }

  /**
   * What a control process knows of a server that follows it.
   *
   * @param live whether it was heard lately
   * @param fresh whether it had all changes lately
   * @param word how far it is
   */
  record Report(boolean live, boolean fresh, Word word) {}

  /**
   * What is to become of leases.
   *
   * @param lapsing edges that were without the latest changes for too long
   * @param renewed edges that have them again, and how far each is
   */
  record Due(List<String> lapsing, Map<String, Word> renewed) {
    boolean isEmpty() {
      return lapsing.isEmpty() && renewed.isEmpty();
    }
  }

  private final Clock clock;
  private final Timing timing;
  private final Attention attention;
  private final Supplier<LogHead> head;
  private final Map<String, Member> members = new TreeMap<>();

  Members(Clock clock, Timing timing, Attention attention, Supplier<LogHead> head) {
    this.clock = clock;
    this.timing = timing;
    this.attention = attention;
    this.head = head;
  }

  /**
   * Takes the servers that the log has when control starts. Before the restart they may have been
   * in DNS, so they count as if they had been heard just now.
   *
   * @param lapses the edges whose leases have lapsed, each with the revision that says so
   */
  synchronized void begin(Collection<Server> servers, Map<String, Long> lapses) {
    servers.forEach(this::registered);
    members.values().forEach(member -> member.counted = true);
    lapses.forEach((id, revision) -> lapsed(id, OptionalLong.of(revision)));
  }

  /** Takes a server's registration; returns the session to be ended if it is revoked. */
  synchronized Optional<Session> registered(Server server) {
    if (server.state() == Server.State.REVOKED) {
      return removed(server.id());
    }
    Member member = members.computeIfAbsent(server.id(), _ -> fresh(server));
    member.server = server;
    return Optional.empty();
  }

  private Member fresh(Server server) {
    Member member = new Member(server, head.get(), attention.nanos());
    member.heardNanos = clock.nanos();
    return member;
  }

  /** Forgets a server; returns the session to be ended. */
  synchronized Optional<Session> removed(String serverId) {
    Member gone = members.remove(serverId);
    return gone == null ? Optional.empty() : Optional.ofNullable(gone.session);
  }

  /** Takes the log's word on a lease: the revision by which it lapsed; empty if it did not. */
  synchronized void lapsed(String serverId, OptionalLong revision) {
    Member member = members.get(serverId);
    if (member != null) {
      member.lapse = revision;
      member.leftDns(false, 0);
    }
  }

  /** Returns the registration of a server that may connect. */
  synchronized Optional<Server> find(String serverId) {
    return Optional.ofNullable(members.get(serverId)).map(member -> member.server);
  }

  /** Takes a stream in the place of the one the server had, which is returned to be ended. */
  synchronized Optional<Session> connected(String serverId, Session session) {
    Member member = members.get(serverId);
    if (member == null) {
      return Optional.of(session);
    }
    Optional<Session> before = Optional.ofNullable(member.session);
    member.session = session;
    member.counted = true;
    heard(member);
    return before;
  }

  synchronized void disconnected(String serverId, Session session) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      member.session = null;
    }
  }

  /** Takes a sign of life. */
  synchronized void heard(String serverId, Session session, Set<String> kept) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      member.kept = Set.copyOf(kept);
      heard(member);
    }
  }

  synchronized void acked(String serverId, Session session, Word word) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      take(member, word);
      heard(member);
    }
  }

  private static void take(Member member, Word word) {
    member.epoch = word.epoch();
    member.revision = word.revision();
    member.held = word.held();
    member.kept = word.kept();
  }

  private void heard(Member member) {
    member.spoke = true;
    member.heardNanos = clock.nanos();
    member.heard(head.get(), attention.nanos());
  }

  /** Returns what this process knows of the servers that follow it. */
  synchronized Map<String, Report> reports() {
    Map<String, Report> reports = new TreeMap<>();
    members.forEach((id, member) -> {
      if (member.session != null) {
        boolean fresh = member.isFresh(attention.nanos(), timing.lease());
        reports.put(id, new Report(isHeard(member), fresh, word(member)));
      }
    });
    return reports;
  }

  private static Word word(Member member) {
    return new Word(member.epoch, member.revision, member.held, member.kept);
  }

  /**
   * Takes what other control processes over the same database know of the servers that follow them.
   * Of a server that is live here it counts for nothing.
   */
  synchronized void elsewhere(Map<String, Report> reports) {
    members.forEach((id, member) -> {
      Report report = reports.get(id);
      member.elsewhere = report != null && report.live();
      if (report == null || !report.live() || (member.session != null && isHeard(member))) {
        return;
      }
      take(member, report.word());
      member.counted = true;
      member.spoke = true;
      member.heardNanos = clock.nanos();
      if (report.fresh()) {
        member.freshNanos = attention.nanos();
      }
    });
  }

  synchronized Collection<Session> sessions() {
    List<Session> all = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.session != null) {
        all.add(member.session);
      }
    }
    return all;
  }

  /** Returns whether the fleet has a server of this role. */
  synchronized boolean hasAny(Server.Role role) {
    return members.values().stream().anyMatch(member -> member.server.role() == role);
  }

  /**
   * Returns whether DNS answers by a revision: every DNS server that can be asked obeys it, or
   * there is none. They know of a distribution only what publications say.
   */
  synchronized boolean answer(long epoch, long revision) {
    return !hasAny(Server.Role.ROUTING) || obey(Server.Role.ROUTING, epoch, revision);
  }

  /**
   * Returns whether every server of a role that viewers may reach obeys a revision, and at least
   * one of them is live.
   */
  synchronized boolean obey(Server.Role role, long epoch, long revision) {
    boolean live = false;
    for (Member member : members.values()) {
      Presence presence = presence(member);
      if (member.server.role() != role || !counts(presence)) {
        continue;
      }
      if (!member.obeys(epoch, revision)) {
        return false;
      }
      live |= presence == Presence.LIVE;
    }
    return live;
  }

  /**
   * How far the fleet has come.
   *
   * @param head where the log ends
   * @param edges the greatest revision that all edges have reached which viewers may reach, but for
   *     what they hold; -1 if none is live
   * @param dns the same of DNS servers
   */
  record Reach(LogHead head, long edges, long dns) {
    /** That of a fleet of which nothing is known. */
    static final Reach NOWHERE = new Reach(new LogHead(0, 0, Chain.EMPTY), -1, -1);
  }

  /** Returns how far the fleet has come. */
  synchronized Reach reach() {
    LogHead now = head.get();
    return new Reach(now, reached(Server.Role.EDGE, now), reached(Server.Role.ROUTING, now));
  }

  private long reached(Server.Role role, LogHead now) {
    long least = Long.MAX_VALUE;
    boolean live = false;
    for (Member member : members.values()) {
      Presence presence = presence(member);
      if (member.server.role() == role && counts(presence)) {
        least = Math.min(least, member.epoch == now.epoch() ? member.revision : -1);
        live |= presence == Presence.LIVE;
      }
    }
    return live ? least : -1;
  }

  /** Returns what the leases of edges have come to since the log last said something of them. */
  synchronized Due due() {
    List<String> lapsing = new ArrayList<>();
    Map<String, Word> renewed = new TreeMap<>();
    for (Member member : members.values()) {
      if (member.server.role() != Server.Role.EDGE || !member.counted) {
        continue;
      }
      boolean fresh = member.isFresh(attention.nanos(), timing.lease());
      if (!fresh && member.lapse.isEmpty()) {
        lapsing.add(member.server.id());
      } else if (fresh && member.lapse.isPresent() && member.session != null) {
        renewed.put(member.server.id(), word(member));
      }
    }
    return new Due(List.copyOf(lapsing), renewed);
  }

  /**
   * Notes which edges DNS servers have let go: those without a lease, once every DNS server that
   * counts obeys the word that says so and sends no viewer there.
   */
  synchronized void watchDns() {
    long epoch = head.get().epoch();
    List<Member> resolving =
        members.values().stream()
            .filter(one -> one.server.role() == Server.Role.ROUTING)
            .filter(dns -> counts(presence(dns)))
            .toList();
    for (Member member : members.values()) {
      if (member.server.role() == Server.Role.EDGE && member.lapse.isPresent()) {
        long revision = member.lapse.getAsLong();
        String id = member.server.id();
        boolean left =
            resolving.stream()
                .allMatch(dns -> dns.obeys(epoch, revision) && !dns.kept.contains(id));
        member.leftDns(left, clock.nanos());
      }
    }
  }

  synchronized List<ServerStatus> status(long head) {
    List<ServerStatus> all = new ArrayList<>();
    for (Member member : members.values()) {
      Optional<Duration> silent = member.spoke ? Optional.of(silence(member)) : Optional.empty();
      all.add(
          new ServerStatus(
              member.server.id(),
              member.server.role(),
              member.server.location(),
              presence(member),
              member.lapse.isPresent(),
              member.revision,
              Math.max(0, head - member.revision),
              silent,
              member.held));
    }
    return List.copyOf(all);
  }

  private static boolean counts(Presence presence) {
    return presence == Presence.LIVE || presence == Presence.FADING;
  }

  private Presence presence(Member member) {
    if (!member.counted) {
      return Presence.EXPECTED;
    }
    if (isGone(member)) {
      return Presence.ABSENT;
    }
    boolean follows = member.session != null || member.elsewhere;
    return follows && isHeard(member) ? Presence.LIVE : Presence.FADING;
  }

  /**
   * Whether no viewer can be sent there any more: of an edge, DNS servers let it go and their last
   * answers have expired; nobody takes a DNS server itself out, its silence has to do.
   */
  private boolean isGone(Member member) {
    return switch (member.server.role()) {
      case EDGE ->
          member.leftNanos.isPresent()
              && clock.nanos() - member.leftNanos.getAsLong() >= timing.ttl().toNanos();
      case ROUTING -> silence(member).compareTo(timing.absentAfter()) >= 0;
    };
  }

  private boolean isHeard(Member member) {
    return silence(member).compareTo(timing.silenceMax()) < 0;
  }

  private Duration silence(Member member) {
    return Duration.ofNanos(clock.nanos() - member.heardNanos);
  }
}
