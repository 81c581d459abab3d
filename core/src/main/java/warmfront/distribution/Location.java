package warmfront.distribution;

import java.util.Optional;

/**
 * An edge location of the fleet.
 *
 * @param id three capital letters, commonly an airport's ({@code FRA})
 * @param city its city in words
 * @param country ISO 3166-1 alpha-2, capital
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 * @param priceClass the cheapest class of distributions that it serves
 * @param capacityGbps what it can send, in gigabits per second, above 0
 * @param parent the location whose cache it asks before the origin
 */
public record Location(
    String id,
    String city,
    String country,
    double latitude,
    double longitude,
    PriceClass priceClass,
    double capacityGbps,
    Optional<String> parent)
    implements Resource {
  public Location {
    if (!id.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("a location's code is three capital letters: " + id);
    }
    if (!country.matches("[A-Z]{2}")) {
      throw new IllegalArgumentException("a country is two capital letters: " + country);
    }
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("not a place on earth: " + latitude + "," + longitude);
    }
    if (!(capacityGbps > 0)) {
      throw new IllegalArgumentException("capacityGbps must be above 0: " + capacityGbps);
    }
  }

  /**
   * Returns the name of its point of presence as logs and X-Amz-Cf-Pop give it: {@code FRA1-P1}.
   */
  public String pop() {
    return id + "1-P1";
  }
}
