package warmfront.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param workloads in the order of {@link Workload}
 * @param peers ours among them or not
 * @param rounds how often each is measured, at least once
 * @param seconds of load in a round
 * @param warmSeconds of load before our first round; other servers need no compiler and get two
 * @param rate requests per second of the latency workloads
 * @param objects how many different ones W9 asks for
 * @param logs the series: without access log, with it, or both
 * @param quick whether this only shows that the driver runs
 */
record Options(
    List<Workload> workloads,
    List<Peer> peers,
    int rounds,
    int seconds,
    int warmSeconds,
    int rate,
    int objects,
    List<Boolean> logs,
    boolean quick) {
  private static final String ALL = "all";

  static final String USAGE =
      """
      usage: ./warmfront bench side-by-side [WORKLOADS] [PEERS] [OPTION...]
        WORKLOADS   names with commas between, or all (bench/README.md lists them)
        PEERS       warmfront,nginx,haproxy,varnish,trafficserver, or all (those that are installed)
        --rounds N  rounds of each (5)             --secs S     seconds of load in a round (3)
        --warm S    seconds before our first (20)  --rate N     requests per second of L1, L5 (1000)
        --objects N different ones of W9 (200000)  --log off|on|both   access logs (off)
        --quick     3 rounds of a second, little warmth: shows that it runs, its figures mean nothing\
      """;

  private static final Map<String, String> FULL =
      Map.of(
          "--rounds",
          "5",
          "--secs",
          "3",
          "--warm",
          "20",
          "--rate",
          "1000",
          "--objects",
          "200000",
          "--log",
          "off");

  private static final Map<String, String> QUICK =
      Map.of("--rounds", "3", "--secs", "1", "--warm", "4", "--objects", "20000");

  /** Reads the arguments. */
  static Options of(List<String> arguments) throws UsageException {
    boolean quick = arguments.contains("--quick");
    Map<String, String> values = new HashMap<>(FULL);
    values.putAll(quick ? QUICK : FULL);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        words.add(argument);
      } else if (FULL.containsKey(argument) && i + 1 < arguments.size()) {
        values.put(argument, arguments.get(++i));
      } else if (!argument.equals("--quick")) {
        throw new UsageException("no option " + argument + ", or its value is missing");
      }
    }
    if (words.size() > 2) {
      throw new UsageException("what is " + words.get(2) + "?");
    }
    return new Options(
        workloads(words.isEmpty() ? ALL : words.getFirst()),
        peers(words.size() < 2 ? ALL : words.getLast()),
        number(values, "--rounds"),
        number(values, "--secs"),
        number(values, "--warm"),
        number(values, "--rate"),
        number(values, "--objects"),
        series(values.getOrDefault("--log", "")),
        quick);
  }

  private static List<Workload> workloads(String wanted) throws UsageException {
    if (wanted.equals(ALL)) {
      return Workload.ALL;
    }
    List<Workload> workloads = new ArrayList<>();
    for (String word : wanted.split(",", -1)) {
      workloads.add(
          Workload.named(word).orElseThrow(() -> new UsageException("no workload " + word)));
    }
    return List.copyOf(workloads);
  }

  private static List<Peer> peers(String wanted) throws UsageException {
    if (wanted.equals(ALL)) {
      return List.of(Peer.values());
    }
    List<Peer> peers = new ArrayList<>();
    for (String word : wanted.split(",", -1)) {
      peers.add(Peer.of(word).orElseThrow(() -> new UsageException("no peer " + word)));
    }
    return List.copyOf(peers);
  }

  private static int number(Map<String, String> values, String option) throws UsageException {
    String value = values.getOrDefault(option, "");
    if (!value.matches("[1-9][0-9]{0,7}")) {
      throw new UsageException(option + " takes a number from 1 to 99999999, not " + value);
    }
    return Integer.parseInt(value);
  }

  private static List<Boolean> series(String value) throws UsageException {
    return switch (value) {
      case "off" -> List.of(false);
      case "on" -> List.of(true);
      case "both" -> List.of(false, true);
      default -> throw new UsageException("--log takes off, on or both, not " + value);
    };
  }
}
