package warmfront.control.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.distribution.Server;
import warmfront.distribution.TextRecord;

/**
 * The locations and servers of the fleet, its zone's texts and its live channels: log resources
 * like distributions.
 */
public final class Fleet {
  /** What came of a change. */
  public sealed interface Outcome {
    /**
     * It is in the log.
     *
     * @param revision of its entry; the head if it was so already
     */
    record Changed(long revision) implements Outcome {}

    /**
     * It would break the fleet.
     *
     * @param reason for the operator
     */
    record Refused(String reason) implements Outcome {}
  }

  private final Store store;

  /** Makes the fleet's register. */
  public Fleet(Store store) {
    this.store = store;
  }

  /** Returns the locations in the order of their codes. */
  public List<Location> locations() {
    return store.read(transaction -> all(transaction, Kind.LOCATION, Location.class));
  }

  /** Returns the servers in the order of their ids. */
  public List<Server> servers() {
    return store.read(transaction -> all(transaction, Kind.SERVER, Server.class));
  }

  /** Returns the names with texts in the order of their names. */
  public List<TextRecord> texts() {
    return store.read(transaction -> all(transaction, Kind.TEXT_RECORD, TextRecord.class));
  }

  /** Returns the live channels in the order of their names. */
  public List<Channel> channels() {
    return store.read(transaction -> all(transaction, Kind.CHANNEL, Channel.class));
  }

  /** Returns the channel of this name. */
  public Optional<Channel> channel(String name) {
    return store.read(transaction -> channel(transaction, name));
  }

  /** Adds a location or replaces the one of its code. */
  public Outcome register(Location location) {
    return store.write(transaction -> {
      Optional<String> parent = location.parent();
      if (parent.isPresent()
          && (parent.get().equals(location.id())
              || transaction.latest(Kind.LOCATION, parent.get()).isEmpty())) {
        return new Outcome.Refused("there is no other location " + parent.get());
      }
      return put(transaction, location);
    });
  }

  /**
   * Adds a server or replaces the registration of its id. A revoked id may not come back under
   * another role.
   */
  public Outcome register(Server server) {
    return store.write(transaction -> {
      if (transaction.latest(Kind.LOCATION, server.location()).isEmpty()) {
        return new Outcome.Refused("there is no location " + server.location());
      }
      Optional<Server> before = find(transaction, server.id());
      if (before.isPresent() && before.get().role() != server.role()) {
        return new Outcome.Refused(
            "%s is registered as %s; remove it first".formatted(server.id(), before.get().role()));
      }
      return put(transaction, server);
    });
  }

  /** Sets the texts of a name, in place of those it has. */
  public Outcome register(TextRecord record) {
    return store.write(transaction -> {
      if (transaction.latest(Kind.TEXT_RECORD, record.id()).isEmpty()
          && transaction.latest(Kind.TEXT_RECORD).size() >= TextRecord.NAMES_MAX) {
        return new Outcome.Refused("%d names have texts".formatted(TextRecord.NAMES_MAX));
      }
      return put(transaction, record);
    });
  }

  /** Removes all texts of a name. */
  public Outcome removeText(String name) {
    return store.write(transaction ->
        transaction.latest(Kind.TEXT_RECORD, name).isEmpty()
            ? new Outcome.Refused("there are no texts of " + name)
            : remove(transaction, Kind.TEXT_RECORD, name));
  }

  /** Adds a channel; there may be none of its name. */
  public Outcome create(Channel channel) {
    return store.write(transaction -> {
      if (channel(transaction, channel.id()).isPresent()) {
        return new Outcome.Refused("there is a channel %s already".formatted(channel.id()));
      }
      if (transaction.latest(Kind.CHANNEL).size() >= Channel.CHANNELS_MAX) {
        return new Outcome.Refused("there are %d channels".formatted(Channel.CHANNELS_MAX));
      }
      if (transaction.latest(Kind.LOCATION, channel.location()).isEmpty()) {
        return new Outcome.Refused("there is no location " + channel.location());
      }
      return put(transaction, channel, Optional.empty());
    });
  }

  /** Puts a channel, if edges know where the bucket is that it is recorded to from now on. */
  private Outcome put(
      Transaction transaction, Channel channel, Optional<Channel.Recording> before) {
    Optional<String> bucket = channel.recording().map(Channel.Recording::bucket);
    if (bucket.isPresent()
        && !channel.recording().equals(before)
        && new S3Endpoints(all(transaction, Kind.S3_ENDPOINT, S3Endpoint.class))
            .find(bucket.get())
            .isEmpty()) {
      return new Outcome.Refused("no S3 endpoint is configured for buckets like " + bucket.get());
    }
    return put(transaction, channel);
  }

  private static Optional<Channel> channel(Transaction transaction, String name) {
    return transaction.latest(Kind.CHANNEL, name).map(Channel.class::cast);
  }

  /** Changes a channel. */
  public Outcome change(String name, UnaryOperator<Channel> how) {
    return store.write(transaction ->
        channel(transaction, name)
            .map(channel -> put(transaction, how.apply(channel), channel.recording()))
            .orElseGet(() -> new Outcome.Refused("there is no channel " + name)));
  }

  /** Removes a channel: whoever publishes or plays it is cut off. */
  public Outcome removeChannel(String name) {
    return store.write(transaction ->
        channel(transaction, name).isEmpty()
            ? new Outcome.Refused("there is no channel " + name)
            : remove(transaction, Kind.CHANNEL, name));
  }

  /** Takes a server out of DNS; it goes on serving who still comes. */
  public Outcome drain(String serverId) {
    return withState(serverId, Server.State.DRAINING);
  }

  /** Puts a drained server back. */
  public Outcome activate(String serverId) {
    return withState(serverId, Server.State.ACTIVE);
  }

  /** Shuts a server out: its stream ends at once and its certificate is no longer taken. */
  public Outcome revoke(String serverId) {
    return withState(serverId, Server.State.REVOKED);
  }

  /** Forgets a server, and its certificate with it. */
  public Outcome removeServer(String serverId) {
    return store.write(transaction -> {
      if (find(transaction, serverId).isEmpty()) {
        return new Outcome.Refused("there is no server " + serverId);
      }
      ServerCertificates.forget(transaction, serverId);
      if (transaction.latest(Kind.LAPSE, serverId).isPresent()) {
        remove(transaction, Kind.LAPSE, serverId);
      }
      return remove(transaction, Kind.SERVER, serverId);
    });
  }

  /** Forgets a location that has no server and no channel and is nobody's parent. */
  public Outcome removeLocation(String code) {
    return store.write(transaction -> {
      if (transaction.latest(Kind.LOCATION, code).isEmpty()) {
        return new Outcome.Refused("there is no location " + code);
      }
      for (Server server : all(transaction, Kind.SERVER, Server.class)) {
        if (server.location().equals(code)) {
          return new Outcome.Refused(
              "location %s has server %s; remove it first".formatted(code, server.id()));
        }
      }
      for (Channel channel : all(transaction, Kind.CHANNEL, Channel.class)) {
        if (channel.location().equals(code)) {
          return new Outcome.Refused(
              "channel %s is at home at %s; remove it first".formatted(channel.id(), code));
        }
      }
      for (Location child : all(transaction, Kind.LOCATION, Location.class)) {
        if (child.parent().equals(Optional.of(code))) {
          return new Outcome.Refused("location %s is the parent of %s".formatted(code, child.id()));
        }
      }
      return remove(transaction, Kind.LOCATION, code);
    });
  }

  private Outcome withState(String serverId, Server.State state) {
    return store.write(transaction -> {
      Optional<Server> found = find(transaction, serverId);
      if (found.isEmpty()) {
        return new Outcome.Refused("there is no server " + serverId);
      }
      if (state == Server.State.REVOKED) {
        ServerCertificates.forget(transaction, serverId);
      } else if (found.get().state() == Server.State.REVOKED) {
        return new Outcome.Refused(serverId + " is revoked; remove it and add it anew");
      }
      return put(transaction, found.get().withState(state));
    });
  }

  private static Optional<Server> find(Transaction transaction, String serverId) {
    return transaction.latest(Kind.SERVER, serverId).map(Server.class::cast);
  }

  private static <R extends Resource> List<R> all(
      Transaction transaction, Kind kind, Class<R> type) {
    return transaction.latest(kind).stream().map(type::cast).toList();
  }

  private static Outcome put(Transaction transaction, Resource value) {
    boolean same = transaction.latest(value.kind(), value.id()).filter(value::equals).isPresent();
    return new Outcome.Changed(
        same
            ? transaction.head()
            : transaction.append(value.kind(), value.id(), Optional.of(value)));
  }

  private static Outcome remove(Transaction transaction, Kind kind, String id) {
    return new Outcome.Changed(transaction.append(kind, id, Optional.empty()));
  }
}
