package warmfront.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import warmfront.bench.Generators.Taken;

/**
 * What is measured.
 *
 * @param name its name on the command line
 * @param title what the load is
 * @param compared the figure by which servers are compared
 * @param needs what has to be there beside the servers
 * @param bars what we want of ourselves
 * @param warm the load that fills caches and lets compilers finish, before the first round
 * @param step the load of a round
 */
record Workload(
    String name, String title, Figure compared, Needs needs, List<Bar> bars, Step warm, Step step) {

  /** One load of a server; {@code round} numbers it, -1 while it warms. */
  @FunctionalInterface
  interface Step {
    Taken take(Generators load, Server server, Duration span, int round)
        throws IOException, InterruptedException;
  }

  /** What has to be there beside the servers: a program, or TLS on their side. */
  enum Needs {
    NOTHING("", false),
    WRK("wrk", false),
    WRK_TLS("wrk", true),
    H2LOAD("h2load", false),
    H2LOAD_TLS("h2load", true),
    OPENSSL_TLS("openssl", true),
    STRACE("strace", false);

    private final String program;
    private final boolean tls;

    Needs(String program, boolean tls) {
      this.program = program;
      this.tls = tls;
    }

    /** Returns the programs without which this cannot be measured. */
    List<String> programs() {
      return program.isEmpty() ? List.of() : List.of(program);
    }

    boolean tls() {
      return tls;
    }
  }

  /** All of them, in the order in which they are measured. */
  static final List<Workload> ALL =
      List.of(
          load(
              "W1",
              "1 KiB hit, HTTP/1.1 keep-alive",
              Needs.WRK,
              (load, server, span, _) -> load.wrk(server, span, false, "/s/1k"),
              Bar.best(0.75)),
          load(
              "W2",
              "64 KiB hit, HTTP/1.1",
              Needs.NOTHING,
              (load, server, span, _) -> load.hits(server, span, "/s/64k", 32),
              Bar.best(0.7)),
          load(
              "W3",
              "1 MiB hit, HTTP/1.1",
              Needs.NOTHING,
              (load, server, span, _) -> load.hits(server, span, "/s/1m", 16),
              Bar.best(1)),
          load(
              "W4",
              "1 KiB hit over TLS 1.3",
              Needs.WRK_TLS,
              (load, server, span, _) -> load.wrk(server, span, true, "/s/1k"),
              Bar.best(0.75)),
          load(
              "W5",
              "1 KiB hit over HTTP/2",
              Needs.H2LOAD_TLS,
              (load, server, span, _) -> load.h2(server, span, "/s/1k"),
              Bar.best(0.6)),
          load(
              "W6",
              "64 KiB hit over HTTP/2",
              Needs.H2LOAD_TLS,
              (load, server, span, _) -> load.h2(server, span, "/s/64k"),
              Bar.best(0.65)),
          load(
              "W7",
              "full TLS 1.3 handshake",
              Needs.OPENSSL_TLS,
              (load, server, span, _) -> load.handshakes(server, span),
              Bar.best(1)),
          load(
              "W8",
              "1 KiB miss, every URL new",
              Needs.NOTHING,
              (load, server, span, _) -> load.misses(server, span),
              Bar.of(Peer.NGINX, 0.5),
              Bar.of(Peer.TRAFFICSERVER, 1)),
          new Workload(
              "W9",
              "hits of many 4 KiB objects, Zipf",
              Figure.CPU_MICROS,
              Needs.NOTHING,
              List.of(Bar.of(Peer.NGINX, 0.45), Bar.of(Peer.HAPROXY, 0.9)),
              (load, server, span, round) -> {
                load.fill(server);
                return load.zipf(server, span, round);
              },
              (load, server, span, round) -> load.zipf(server, span, round)),
          load(
              "W10",
              "100 MiB hit, one connection",
              Needs.NOTHING,
              (load, server, span, _) -> load.hits(server, span, "/s/100m", 1),
              Bar.best(1)),
          moment(
              "W10F",
              "first byte of a 100 MiB miss, origin sends at 50 MB/s",
              Figure.FIRST_BYTE_MILLIS,
              Needs.NOTHING,
              (load, server, _, _) -> load.firstByte(server),
              Bar.atMost(Figure.FIRST_BYTE_MILLIS, 2)),
          moment(
              "W11",
              "500 simultaneous misses of one object, origin takes 1 s",
              Figure.TOTAL_SECONDS,
              Needs.NOTHING,
              (load, server, _, _) -> load.herd(server),
              Bar.always(Figure.ORIGIN_REQUESTS, 1),
              Bar.atMost(Figure.TOTAL_SECONDS, 1.2)),
          latency(
              "L1",
              "latency at a fixed rate, 1 KiB hit, HTTP/1.1",
              Needs.H2LOAD,
              (load, server, span, _) -> load.hits(server, span, "/s/1k", 64),
              (load, server, span, _) -> load.paced(server, span, false)),
          latency(
              "L5",
              "latency at a fixed rate, 1 KiB hit, HTTP/2",
              Needs.H2LOAD_TLS,
              (load, server, span, _) -> load.h2(server, span, "/s/1k"),
              (load, server, span, _) -> load.paced(server, span, true)),
          moment(
              "S1",
              "system calls of a 1 KiB hit",
              Figure.SYSTEM_CALLS,
              Needs.STRACE,
              (load, server, _, _) -> load.traced(server, "/s/1k")),
          moment(
              "S2",
              "system calls of a 64 KiB hit",
              Figure.SYSTEM_CALLS,
              Needs.STRACE,
              (load, server, _, _) -> load.traced(server, "/s/64k")),
          moment(
              "S3",
              "system calls of a 1 MiB hit",
              Figure.SYSTEM_CALLS,
              Needs.STRACE,
              (load, server, _, _) -> load.traced(server, "/s/1m")),
          moment(
              "IDLE",
              "memory of 10,000 idle keep-alive connections",
              Figure.KIB_PER_CONNECTION,
              Needs.NOTHING,
              (load, server, _, _) -> load.idle(server),
              Bar.atMost(Figure.KIB_PER_CONNECTION, 8)),
          // its servers start within the round, which SideBySide times: there is nothing to load
          moment(
              "START",
              "first request after exec, and memory then",
              Figure.START_MILLIS,
              Needs.NOTHING,
              (_, _, _, _) -> Taken.of(Load.counted(1, 0, 0)),
              Bar.atMost(Figure.START_MILLIS, 1500),
              Bar.atMost(Figure.RESIDENT_MIB, 150)));

  /** A steady load, compared by CPU time, that is its own warm-up. */
  private static Workload load(String name, String title, Needs needs, Step step, Bar... bars) {
    return new Workload(name, title, Figure.CPU_MICROS, needs, List.of(bars), step, step);
  }

  /** A load for one figure; hits of a small object warm for it. */
  private static Workload moment(
      String name, String title, Figure compared, Needs needs, Step step, Bar... bars) {
    Step warm = (load, server, span, _) -> load.hits(server, span, "/s/1k", 64);
    return new Workload(name, title, compared, needs, List.of(bars), warm, step);
  }

  /** A load at a fixed rate; the same at full speed warms for it, and then itself. */
  private static Workload latency(String name, String title, Needs needs, Step fast, Step step) {
    Step warm =
        (load, server, span, round) -> {
          fast.take(load, server, span, round);
          return step.take(load, server, span, round);
        };
    return new Workload(
        name, title, Figure.P99_MICROS, needs, List.of(Bar.of(Peer.NGINX, 1)), warm, step);
  }

  /** Returns the workload of that name, in any case. */
  static Optional<Workload> named(String word) {
    String name = word.toUpperCase(Locale.ROOT);
    return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst();
  }

  /** Returns whether each round starts the servers anew, and that is what is measured. */
  boolean starts() {
    return compared == Figure.START_MILLIS;
  }

  /** Returns whether its CPU time means anything: not under strace. */
  boolean charged() {
    return !counted();
  }

  /** Returns how many of the wanted rounds say anything: a count is the same each time. */
  int rounds(int wanted) {
    return counted() ? 1 : wanted;
  }

  private boolean counted() {
    return compared == Figure.SYSTEM_CALLS || compared == Figure.KIB_PER_CONNECTION;
  }
}
