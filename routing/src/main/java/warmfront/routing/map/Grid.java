package warmfront.routing.map;

import warmfront.routing.place.Coordinates;

/** The earth in cells of half a degree, at most 56 km wide: half a millisecond of fibre. */
public final class Grid {
  private static final int PER_DEGREE = 2;
  private static final int ROWS = 180 * PER_DEGREE;
  private static final int COLUMNS = 360 * PER_DEGREE;

  private Grid() {}

  /** Returns the number of the cell that holds a place, 0 and up. */
  public static int cell(Coordinates place) {
    int row = Math.min(ROWS - 1, (int) ((place.latitude() + 90) * PER_DEGREE));
    int column = Math.min(COLUMNS - 1, (int) ((place.longitude() + 180) * PER_DEGREE));
    return row * COLUMNS + column;
  }

  /** Returns the middle of a cell. */
  public static Coordinates middle(int cell) {
    int row = cell / COLUMNS;
    int column = cell % COLUMNS;
    return new Coordinates((row + 0.5) / PER_DEGREE - 90, (column + 0.5) / PER_DEGREE - 180);
  }
}
