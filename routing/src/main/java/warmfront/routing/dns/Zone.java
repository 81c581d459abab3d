package warmfront.routing.dns;

import java.util.Optional;
import javax.crypto.SecretKey;

/** All that is needed to answer: swapped as a whole, by one reference. Immutable. */
public final class Zone {
  /**
   * What does not depend on which names there are.
   *
   * @param steering what tailored names are answered with
   * @param secure whether there are HTTPS records of what sites speak
   * @param cookieSecret a secret for cookies that all DNS servers of the fleet have, if they do
   */
  public record Means(Steering steering, boolean secure, Optional<SecretKey> cookieSecret) {
    private static final Means NONE =
        new Means((_, _, _, _, choice) -> choice.noServer(), false, Optional.empty());
  }

  private final Names names;
  private final ZoneRecords records;
  private final Means means;
  private final boolean complete;

  private Zone(Names names, ZoneRecords records, Means means, boolean complete) {
    this.names = names;
    this.records = records;
    this.means = means;
    this.complete = complete;
  }

  /**
   * Makes a zone.
   *
   * @param config gives the zone's own records
   * @param serial the SOA record's number, of which the lower 32 bits count
   * @param names which names exist
   */
  public static Zone of(ZoneConfig config, long serial, Names names, Means means) {
    return new Zone(names, ZoneRecords.of(config, serial), means, true);
  }

  /**
   * Makes the zone of a server that has not yet been told which names exist: it knows the zone's
   * own, and of others it says that it cannot say, instead of denying them.
   */
  public static Zone unknown(ZoneConfig config) {
    return new Zone(Names.of(config), ZoneRecords.of(config, 0), Means.NONE, false);
  }

  boolean isComplete() {
    return complete;
  }

  Names names() {
    return names;
  }

  ZoneRecords records() {
    return records;
  }

  /** Returns the beginning of the data of a site's HTTPS record; empty if it has none. */
  byte[] service(Site site) {
    return (means.secure() ? site.service() : Service.NONE).data();
  }

  Optional<SecretKey> cookieSecret() {
    return means.cookieSecret();
  }

  Steering steering() {
    return means.steering();
  }
}
