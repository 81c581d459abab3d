package warmfront.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run's results as Markdown: first how we stand to our bars, then every figure.
 *
 * @param date of the run, as ISO 8601 has it
 * @param circumstances what a reader needs to judge the figures, a sentence each
 */
record Report(String date, List<String> circumstances, Results results) {
  /** What a hit may cost with its log line, in what it costs without. */
  private static final double LOG_RATIO = 1.1;

  /** Returns the whole document. */
  String document() {
    StringBuilder text = new StringBuilder("# ").append(date).append(": side by side\n\n");
    circumstances.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append("\nEach cell is the median, with the least and the most of its rounds in brackets.")
        .append("\n\n## Where we stand\n\n");
    text.append("| | workload | figure | Warmfront | best other | ratio | bar | |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    results.series().forEach(series -> text.append(standing(series)));
    logRows().forEach(text::append);
    for (Results.Series series : results.series()) {
      text.append("\n## %s: %s\n\n".formatted(series, series.workload().title()));
      text.append(details(series));
    }
    if (!results.notes().isEmpty()) {
      text.append("\n## Notes\n\n");
      results.notes().forEach(note -> text.append("- ").append(note).append('\n'));
    }
    return text.toString();
  }

  private String standing(Results.Series series) {
    Results.Scores scores = results.of(series);
    Figure figure = series.workload().compared();
    String ours = scores.of(Peer.WARMFRONT, figure).map(Report::cell).orElse("");
    String best =
        scores
            .best(figure)
            .flatMap(
                peer -> scores.of(peer, figure).map(sample -> peer.title() + " " + cell(sample)))
            .orElse("");
    String ratio = scores.ratio(figure).map(Report::number).orElse("");
    List<String> rules = series.workload().bars().stream().map(Bar::rule).toList();
    List<String> verdicts =
        series.workload().bars().stream().map(bar -> verdict(bar.met(scores, figure))).toList();
    return row(
        List.of(
            series.toString(),
            series.workload().title(),
            figure.label(),
            ours,
            best,
            ratio,
            String.join("; ", rules),
            String.join("; ", verdicts)));
  }

  /** Where a workload was measured with and without access log: what the line costs. */
  private List<String> logRows() {
    List<String> rows = new ArrayList<>();
    for (Results.Series series : results.series()) {
      Figure figure = series.workload().compared();
      Optional<Sample> with = results.of(series).of(Peer.WARMFRONT, figure);
      Optional<Sample> without =
          results.of(new Results.Series(series.workload(), false)).of(Peer.WARMFRONT, figure);
      if (series.logged()
          && figure == Figure.CPU_MICROS
          && with.isPresent()
          && without.isPresent()) {
        double ratio = with.get().median() / without.get().median();
        rows.add(
            row(
                List.of(
                    series.workload().name(),
                    "access log on ÷ off, ours",
                    figure.label(),
                    cell(with.get()),
                    cell(without.get()),
                    number(ratio),
                    "≤ " + number(LOG_RATIO),
                    verdict(Optional.of(ratio <= LOG_RATIO)))));
      }
    }
    return rows;
  }

  private String details(Results.Series series) {
    Results.Scores scores = results.of(series);
    List<Peer> ranked = scores.ranked(series.workload().compared());
    List<Figure> figures =
        Arrays.stream(Figure.values())
            .filter(figure -> ranked.stream().anyMatch(peer -> scores.of(peer, figure).isPresent()))
            .toList();
    List<String> titles = new ArrayList<>(List.of("server", "rounds"));
    figures.forEach(figure -> titles.add(figure.label()));
    StringBuilder table = new StringBuilder(row(titles)).append("|---".repeat(titles.size()));
    table.append("|\n");
    for (Peer peer : ranked) {
      List<String> cells = new ArrayList<>();
      cells.add(peer.title());
      cells.add(
          scores
              .of(peer, series.workload().compared())
              .map(sample -> String.valueOf(sample.rounds()))
              .orElse(""));
      figures.forEach(figure -> cells.add(scores.of(peer, figure).map(Report::cell).orElse("")));
      table.append(row(cells));
    }
    return table.toString();
  }

  /** Returns a table for the README of those workloads that it shows; empty unless all are here. */
  Optional<String> summary(List<Workload> shown) {
    StringBuilder table = new StringBuilder("| CPU µs per request | Warmfront | best other | |\n");
    table.append("|---|---|---|---|\n");
    for (Workload workload : shown) {
      Results.Scores scores = results.of(new Results.Series(workload, false));
      Figure figure = workload.compared();
      Optional<Peer> best = scores.best(figure);
      Optional<Sample> ours = scores.of(Peer.WARMFRONT, figure);
      if (best.isEmpty() || ours.isEmpty()) {
        return Optional.empty();
      }
      double theirs = scores.of(best.get(), figure).orElseThrow().median();
      table.append(
          row(
              List.of(
                  workload.title(),
                  number(ours.get().median()),
                  best.get().title() + " " + number(theirs),
                  number(ours.get().median() / theirs))));
    }
    return Optional.of(table.toString());
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String verdict(Optional<Boolean> met) {
    return met.map(yes -> yes ? "met" : "**not met**").orElse("not measured");
  }

  private static String cell(Sample sample) {
    return sample.rounds() == 1
        ? number(sample.median())
        : "%s (%s–%s)"
            .formatted(number(sample.median()), number(sample.least()), number(sample.most()));
  }

  /** Returns three significant digits, whole from 100 on. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String digits = String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    return digits.replaceAll("\\.?0+$", "");
  }
}
