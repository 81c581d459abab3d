package warmfront.bench;

import java.util.Optional;

/** What we want of ourselves in a workload, judged by figures of the same run. */
sealed interface Bar {
  /** At most {@code ratio} of the best other server, by the workload's own figure. */
  record OfBest(double ratio) implements Bar {}

  /** At most {@code ratio} of one other server. */
  record OfPeer(Peer peer, double ratio) implements Bar {}

  /** A median of at most {@code limit}. */
  record AtMost(Figure figure, double limit) implements Bar {}

  /** Never more than {@code limit}, in no round. */
  record Always(Figure figure, double limit) implements Bar {}

  static Bar best(double ratio) {
    return new OfBest(ratio);
  }

  static Bar of(Peer peer, double ratio) {
    return new OfPeer(peer, ratio);
  }

  static Bar atMost(Figure figure, double limit) {
    return new AtMost(figure, limit);
  }

  static Bar always(Figure figure, double limit) {
    return new Always(figure, limit);
  }

  /** Returns the bar in words. */
  default String rule() {
    return switch (this) {
      case OfBest(double ratio) -> "≤ %s × best".formatted(Report.number(ratio));
      case OfPeer(Peer peer, double ratio) ->
          "≤ %s × %s".formatted(Report.number(ratio), peer.title());
      case AtMost(Figure figure, double limit) ->
          "%s ≤ %s".formatted(figure.label(), Report.number(limit));
      case Always(Figure figure, double limit) ->
          "%s always ≤ %s".formatted(figure.label(), Report.number(limit));
    };
  }

  /** Returns whether we meet it; empty if what it needs was not measured. */
  default Optional<Boolean> met(Results.Scores scores, Figure compared) {
    return switch (this) {
      case OfBest(double ratio) -> scores.ratio(compared).map(ours -> ours <= ratio);
      case OfPeer(Peer peer, double ratio) ->
          scores.ratio(compared, peer).map(ours -> ours <= ratio);
      case AtMost(Figure figure, double limit) ->
          scores.of(Peer.WARMFRONT, figure).map(sample -> sample.median() <= limit);
      case Always(Figure figure, double limit) ->
          scores.of(Peer.WARMFRONT, figure).map(sample -> sample.most() <= limit);
    };
  }
}
