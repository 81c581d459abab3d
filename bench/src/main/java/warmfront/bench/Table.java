package warmfront.bench;

/** Times as Markdown, with what they are to be. */
final class Table {
  private final StringBuilder rows =
      new StringBuilder("| | calls | p50, ms | p99, ms | bar | |\n|---|---|---|---|---|---|\n");

  /** Which of the figures a bar is for. */
  enum Judged {
    MEDIAN("p50", 0.5),
    P99("p99", 0.99);

    private final String title;
    private final double share;

    Judged(String title, double share) {
      this.title = title;
      this.share = share;
    }
  }

  /** Adds what has no bar. */
  void add(String what, Times times) {
    add(what, times, "", "");
  }

  /** Adds what has one, in milliseconds. */
  void add(String what, Times times, Judged judged, double most) {
    String bar = "%s < %s".formatted(judged.title, Report.number(most));
    add(what, times, bar, times.quantile(judged.share) < most ? "met" : "**not met**");
  }

  private void add(String what, Times times, String bar, String verdict) {
    String row =
        "| %s | %,d | %s | %s | %s | %s |\n"
            .formatted(
                what,
                times.count(),
                Report.number(times.quantile(0.5)),
                Report.number(times.quantile(0.99)),
                bar,
                verdict);
    rows.append(row);
    System.err.print("bench: " + row);
  }

  @Override
  public String toString() {
    return rows.toString();
  }
}
