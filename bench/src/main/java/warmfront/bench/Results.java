package warmfront.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All rounds of a run, in the order in which they were taken. One thread. */
final class Results {
  private final Map<Series, Scores> scores = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** A workload, with access logs or without. */
  record Series(Workload workload, boolean logged) {
    @Override
    public String toString() {
      return logged ? workload.name() + " with access log" : workload.name();
    }
  }

  /** The rounds of one series, by server. */
  static final class Scores {
    private final Map<Peer, List<Map<Figure, Double>>> rounds = new EnumMap<>(Peer.class);

    /** Returns what the rounds of a server came to; empty if it has none with that figure. */
    Optional<Sample> of(Peer peer, Figure figure) {
      List<Double> values =
          rounds.getOrDefault(peer, List.of()).stream()
              .map(round -> round.get(figure))
              .filter(Objects::nonNull)
              .toList();
      return values.isEmpty() ? Optional.empty() : Optional.of(Sample.of(values));
    }

    /** Returns the servers that were measured, the best first. */
    List<Peer> ranked(Figure figure) {
      return rounds.keySet().stream()
          .filter(peer -> of(peer, figure).isPresent())
          .sorted(Comparator.comparingDouble(peer -> of(peer, figure).orElseThrow().median()))
          .toList();
    }

    /** Returns the best server that is not ours. */
    Optional<Peer> best(Figure figure) {
      return ranked(figure).stream().filter(peer -> peer != Peer.WARMFRONT).findFirst();
    }

    /** Returns our median in the best other server's. */
    Optional<Double> ratio(Figure figure) {
      return best(figure).flatMap(peer -> ratio(figure, peer));
    }

    /** Returns our median in {@code peer}'s. */
    Optional<Double> ratio(Figure figure, Peer peer) {
      Optional<Sample> theirs = of(peer, figure);
      return of(Peer.WARMFRONT, figure)
          .filter(_ -> theirs.isPresent())
          .map(ours -> ours.median() / theirs.orElseThrow().median());
    }
  }

  void add(Series series, Peer peer, Map<Figure, Double> round) {
    scores
        .computeIfAbsent(series, _ -> new Scores())
        .rounds
        .computeIfAbsent(peer, _ -> new ArrayList<>())
        .add(round);
  }

  /** Notes something that a reader of the figures has to know. */
  void note(String note) {
    notes.add(note);
  }

  /** Returns what was measured, in order. */
  List<Series> series() {
    return List.copyOf(scores.keySet());
  }

  /** Returns the rounds of a series, none if it was not measured. */
  Scores of(Series series) {
    return scores.getOrDefault(series, new Scores());
  }

  List<String> notes() {
    return List.copyOf(notes);
  }
}
