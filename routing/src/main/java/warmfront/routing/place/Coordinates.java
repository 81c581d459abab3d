package warmfront.routing.place;

/**
 * A place on earth.
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 */
public record Coordinates(double latitude, double longitude) {
  /** The earth's mean radius (IUGG), in kilometres. */
  private static final double RADIUS_KM = 6371.0088;

  /** Light in fibre: 200 km in a millisecond, so a kilometre there and back is a hundredth. */
  private static final double FIBRE_MILLIS_PER_KM = 0.01;

  /** Cables do not follow great circles; about 1.6 times their length is usual. */
  private static final double DETOUR = 1.6;

  /** What an access network adds, in milliseconds. */
  private static final double ACCESS_MILLIS = 4;

  public Coordinates {
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("not a place on earth: " + latitude + "," + longitude);
    }
  }

  /** Returns the length of the great circle to another place, in kilometres (haversine). */
  public double kilometresTo(Coordinates other) {
    double north = Math.toRadians(other.latitude - latitude) / 2;
    double east = Math.toRadians(other.longitude - longitude) / 2;
    double cosines = Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(other.latitude));
    double half = Math.pow(Math.sin(north), 2) + cosines * Math.pow(Math.sin(east), 2);
    return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half)));
  }

  /** Returns a guess at the round-trip time to another place, in milliseconds. */
  public double millisTo(Coordinates other) {
    return ACCESS_MILLIS + kilometresTo(other) * FIBRE_MILLIS_PER_KM * DETOUR;
  }
}
