package warmfront.distribution;

import java.util.Set;

/**
 * Which countries are served. A viewer of whom no country is known is served (CloudFront,
 * "Restricting the geographic distribution of your content").
 *
 * @param rule how {@code countries} is to be read
 * @param countries codes of ISO 3166-1 alpha-2, upper case; none unless the rule asks for them
 */
public record Geography(Rule rule, Set<String> countries) {
  /** How the countries are to be read. */
  public enum Rule {
    ANYWHERE,
    ONLY,
    ALL_BUT
  }

  /** Every country is served. */
  public static final Geography ANYWHERE = new Geography(Rule.ANYWHERE, Set.of());

  public Geography {
    countries = Set.copyOf(countries);
    if ((rule == Rule.ANYWHERE) != countries.isEmpty()) {
      throw new IllegalArgumentException(rule + " with countries " + countries);
    }
  }

  /** Returns whether a country is served. */
  public boolean serves(String country) {
    return switch (rule) {
      case ANYWHERE -> true;
      case ONLY -> countries.contains(country);
      case ALL_BUT -> !countries.contains(country);
    };
  }
}
