package warmfront.routing.dns;

import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;

/** All that is needed to answer: swapped as a whole, by one reference. Immutable. */
public final class Zone {
  private final Names names;
  private final ZoneRecords records;
  private final byte[] service;
  private final Steering steering;
  private final Optional<SecretKey> cookieSecret;
  private final boolean complete;

  private Zone(
      Names names,
      ZoneRecords records,
      byte[] service,
      Steering steering,
      Optional<SecretKey> cookieSecret,
      boolean complete) {
    this.names = names;
    this.records = records;
    this.service = service;
    this.steering = steering;
    this.cookieSecret = cookieSecret;
    this.complete = complete;
  }

  /**
   * Makes a zone, without HTTPS records.
   *
   * @param config gives the zone's own records
   * @param serial the SOA record's number, of which the lower 32 bits count
   * @param names which names exist
   * @param steering what tailored names are answered with
   */
  public static Zone of(ZoneConfig config, long serial, Names names, Steering steering) {
    return new Zone(
        names, ZoneRecords.of(config, serial), new byte[0], steering, Optional.empty(), true);
  }

  /**
   * Makes the zone of a server that has not yet been told which names exist: it knows the zone's
   * own, and of others it says that it cannot say, instead of denying them.
   */
  public static Zone unknown(ZoneConfig config) {
    Steering none = (_, _, _, _, choice) -> choice.noServer();
    Names names = Names.of(config, Names.Content.of(Map.of()));
    return new Zone(names, ZoneRecords.of(config, 0), new byte[0], none, Optional.empty(), false);
  }

  /** Returns the zone with other steering: after a change of health alone. */
  public Zone with(Steering other) {
    return new Zone(names, records, service, other, cookieSecret, complete);
  }

  /** Returns the zone with HTTPS records of its tailored names. */
  public Zone with(Service offered) {
    byte[] data = offered.isOffered() ? offered.data() : new byte[0];
    return new Zone(names, records, data, steering, cookieSecret, complete);
  }

  /** Returns the zone with a secret for cookies that all DNS servers of the fleet have. */
  public Zone with(SecretKey secret) {
    return new Zone(names, records, service, steering, Optional.of(secret), complete);
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

  /** Returns the beginning of the HTTPS records' data; empty if there are none. */
  byte[] service() {
    return service;
  }

  Optional<SecretKey> cookieSecret() {
    return cookieSecret;
  }

  Steering steering() {
    return steering;
  }
}
