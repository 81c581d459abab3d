package warmfront.routing.dns;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;

/** All that is needed to answer: swapped as a whole, by one reference. Immutable. */
public final class Zone {
  private static final byte[] NO_SERVICE = {};

  private final Names names;
  private final ZoneRecords records;
  private final List<byte[]> services;
  private final Steering steering;
  private final Optional<SecretKey> cookieSecret;
  private final boolean complete;

  private Zone(
      Names names,
      ZoneRecords records,
      List<byte[]> services,
      Steering steering,
      Optional<SecretKey> cookieSecret,
      boolean complete) {
    this.names = names;
    this.records = records;
    this.services = services;
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
        names, ZoneRecords.of(config, serial), List.of(), steering, Optional.empty(), true);
  }

  /**
   * Makes the zone of a server that has not yet been told which names exist: it knows the zone's
   * own, and of others it says that it cannot say, instead of denying them.
   */
  public static Zone unknown(ZoneConfig config) {
    Steering none = (_, _, _, _, choice) -> choice.noServer();
    Names names = Names.of(config, Names.Content.of(Map.of()));
    return new Zone(names, ZoneRecords.of(config, 0), List.of(), none, Optional.empty(), false);
  }

  /** Returns the zone with other steering: after a change of health alone. */
  public Zone with(Steering other) {
    return new Zone(names, records, services, other, cookieSecret, complete);
  }

  /**
   * Returns the zone with HTTPS records of its tailored names.
   *
   * @param offered of each by the number that {@link Steering} knows it by; those beyond have none
   */
  public Zone with(List<Service> offered) {
    Map<Service, byte[]> made = new HashMap<>();
    List<byte[]> data =
        offered.stream()
            .map(one ->
                made.computeIfAbsent(one, some -> some.isOffered() ? some.data() : NO_SERVICE))
            .toList();
    return new Zone(names, records, data, steering, cookieSecret, complete);
  }

  /** Returns the zone with a secret for cookies that all DNS servers of the fleet have. */
  public Zone with(SecretKey secret) {
    return new Zone(names, records, services, steering, Optional.of(secret), complete);
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

  /** Returns the beginning of the data of a name's HTTPS record; empty if it has none. */
  byte[] service(int site) {
    return site < services.size() ? services.get(site) : NO_SERVICE;
  }

  Optional<SecretKey> cookieSecret() {
    return cookieSecret;
  }

  Steering steering() {
    return steering;
  }
}
