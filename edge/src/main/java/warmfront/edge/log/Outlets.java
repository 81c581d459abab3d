package warmfront.edge.log;

import java.util.List;
import java.util.Optional;
import warmfront.distribution.Distribution;
import warmfront.edge.step.Site;

/**
 * Where the rows of a site go.
 *
 * @param own as the distribution or the operator says; empty for nowhere
 * @param chosen as deliveries say
 */
record Outlets(Optional<Series> own, List<Choice> chosen) {
  /** Where requests go that are of no distribution. */
  static final Outlets UNMATCHED =
      new Outlets(
          Optional.of(new Series("unmatched", Form.Standard.WEB, Optional.empty())), List.of());

  /**
   * What a delivery has of each request.
   *
   * @param series where it goes
   * @param columns what it is
   */
  record Choice(Series series, Columns columns) {}

  /**
   * Finds them.
   *
   * @param logsAll whether there are rows though the distribution does not want any
   */
  static Outlets of(Site site, Form form, boolean logsAll) {
    Distribution distribution = site.distribution();
    Optional<Address> bucket = distribution.logging().map(Address::of);
    Optional<Series> own =
        bucket.isPresent() || logsAll
            ? Optional.of(new Series(distribution.id(), form, bucket))
            : Optional.empty();
    List<Choice> chosen =
        site.deliveries().stream()
            .map(delivery -> {
              var columns = new Columns(delivery);
              var to = new Address(delivery.bucket(), delivery.path());
              return new Choice(new Series(distribution.id(), columns, Optional.of(to)), columns);
            })
            .toList();
    return new Outlets(own, chosen);
  }
}
