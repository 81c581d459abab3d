package warmfront.control.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import warmfront.control.publish.ServerStatus.Presence;
import warmfront.distribution.Server;
import warmfront.link.Held;
import warmfront.time.Clock;

/** The servers of the fleet and how far each has come. Thread-safe; never waits. */
final class Members {
  /** What is known of one server; guarded by the lock of Members. */
  private static final class Member {
    Server server;
    @Nullable Session session;
    boolean counted;
    boolean spoke;
    long heardNanos;
    long epoch;
    long revision;
    List<Held> held = List.of();

    Member(Server server) {
      this.server = server;
    }
  }

  private final Clock clock;
  private final Timing timing;
  private final Map<String, Member> members = new TreeMap<>();

  Members(Clock clock, Timing timing) {
    this.clock = clock;
    this.timing = timing;
  }

  /**
   * Takes the servers that the log has when control starts. Before the restart they may have been
   * in DNS, so they count as if they had been heard just now.
   */
  synchronized void begin(Collection<Server> servers) {
    servers.forEach(this::registered);
    members.values().forEach(member -> member.counted = true);
  }

  /** Takes a server's registration; returns the session to be ended if it is revoked. */
  synchronized Optional<Session> registered(Server server) {
    if (server.state() == Server.State.REVOKED) {
      return removed(server.id());
    }
    Member member = members.computeIfAbsent(server.id(), _ -> new Member(server));
    if (member.heardNanos == 0) {
      member.heardNanos = clock.nanos();
    }
    member.server = server;
    return Optional.empty();
  }

  /** Forgets a server; returns the session to be ended. */
  synchronized Optional<Session> removed(String serverId) {
    Member gone = members.remove(serverId);
    return gone == null ? Optional.empty() : Optional.ofNullable(gone.session);
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
    Session before = member.session;
    member.session = session;
    member.counted = true;
    heard(member);
    return Optional.ofNullable(before);
  }

  synchronized void disconnected(String serverId, Session session) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      member.session = null;
    }
  }

  synchronized void heard(String serverId, Session session) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      heard(member);
    }
  }

  synchronized void acked(
      String serverId, Session session, long epoch, long revision, List<Held> held) {
    Member member = members.get(serverId);
    if (member != null && member.session == session) {
      heard(member);
      member.epoch = epoch;
      member.revision = revision;
      member.held = List.copyOf(held);
    }
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
   * Returns whether every server of a role that viewers may reach obeys a revision, and at least
   * one of them is live.
   */
  synchronized boolean obey(Server.Role role, long epoch, long revision) {
    boolean live = false;
    for (Member member : members.values()) {
      Presence presence = presence(member);
      boolean counts = presence == Presence.LIVE || presence == Presence.FADING;
      if (member.server.role() != role || !counts) {
        continue;
      }
      if (!obeys(member, epoch, revision)) {
        return false;
      }
      live |= presence == Presence.LIVE;
    }
    return live;
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
              member.revision,
              Math.max(0, head - member.revision),
              silent,
              member.held));
    }
    return List.copyOf(all);
  }

  private static boolean obeys(Member member, long epoch, long revision) {
    return member.epoch == epoch
        && member.revision >= revision
        && member.held.stream().noneMatch(held -> held.revision() == revision);
  }

  private Presence presence(Member member) {
    if (!member.counted) {
      return Presence.EXPECTED;
    }
    Duration silence = silence(member);
    if (member.session != null && silence.compareTo(timing.silenceMax()) < 0) {
      return Presence.LIVE;
    }
    return silence.compareTo(timing.absentAfter()) < 0 ? Presence.FADING : Presence.ABSENT;
  }

  private Duration silence(Member member) {
    return Duration.ofNanos(clock.nanos() - member.heardNanos);
  }

  private void heard(Member member) {
    member.spoke = true;
    member.heardNanos = clock.nanos();
  }
}
