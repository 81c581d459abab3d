package warmfront.bench;

/** The section of the README that shows figures, between two marks. */
final class Readme {
  private static final String BEGIN = "<!-- figures: ./warmfront bench side-by-side -->\n";
  private static final String END = "<!-- end of figures -->";

  private Readme() {}

  /** Returns {@code readme} with {@code figures} between its marks; unchanged if it has none. */
  static String with(String readme, String figures) {
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
      return readme;
    }
    return readme.substring(0, begin + BEGIN.length())
        + "\n"
        + figures
        + "\n"
        + readme.substring(end);
  }
}
