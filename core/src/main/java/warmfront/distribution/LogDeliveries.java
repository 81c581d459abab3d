package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * Where a distribution's access logs go beside what it says itself (CloudFront, "Standard logging
 * v2").
 *
 * @param id the distribution's
 * @param deliveries at least one
 */
public record LogDeliveries(String id, List<Delivery> deliveries) implements Resource {
  /** How rows are written. */
  public enum Format {
    /** An object of texts for each. */
    JSON,
    /** Fields with a delimiter between. */
    PLAIN,
    /** The same, with two lines above them that name the fields. */
    W3C
  }

  /**
   * A delivery.
   *
   * @param bucket the bucket's domain name
   * @param path begins the objects' names; {@code {yyyy}}, {@code {MM}}, {@code {dd}} and {@code
   *     {HH}} stand for the hour of the requests
   * @param format how rows are written
   * @param fields what is in a row, in this order, as CloudFront names it
   * @param delimiter what stands between fields; of no meaning for {@link Format#JSON}
   */
  public record Delivery(
      String bucket, String path, Format format, List<String> fields, String delimiter) {
    public Delivery {
      fields = List.copyOf(fields);
    }
  }

  public LogDeliveries {
    deliveries = List.copyOf(deliveries);
    if (deliveries.isEmpty()) {
      throw new IllegalArgumentException("distribution %s has no delivery".formatted(id));
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.LOG_DELIVERIES);
  }
}
