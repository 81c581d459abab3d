package warmfront.routing.dns;

import java.util.Map;

/** All that is needed to answer: swapped as a whole, by one reference. Immutable. */
public final class Zone {
  private final Names names;
  private final ZoneRecords records;
  private final Steering steering;
  private final boolean complete;

  private Zone(Names names, ZoneRecords records, Steering steering, boolean complete) {
    this.complete = complete;
    this.names = names;
    this.records = records;
    this.steering = steering;
  }

  /**
   * Makes a zone.
   *
   * @param config gives the zone's own records
   * @param serial the SOA record's number, of which the lower 32 bits count
   * @param names which names exist
   * @param steering what tailored names are answered with
   */
  public static Zone of(ZoneConfig config, long serial, Names names, Steering steering) {
    return new Zone(names, ZoneRecords.of(config, serial), steering, true);
  }

  /**
   * Makes the zone of a server that has not yet been told which names exist: it knows the zone's
   * own, and of others it says that it cannot say, instead of denying them.
   */
  public static Zone unknown(ZoneConfig config) {
    Steering none = (_, _, _, choice) -> choice.noServer();
    return new Zone(Names.of(config, Map.of()), ZoneRecords.of(config, 0), none, false);
  }

  /** Returns the zone with other steering: after a change of health alone. */
  public Zone with(Steering other) {
    return new Zone(names, records, other, complete);
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

  Steering steering() {
    return steering;
  }
}
