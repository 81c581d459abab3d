package warmfront.signing;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A custom policy (CloudFront, "Creating a policy statement for a signed URL that uses a custom
 * policy"). It is not read before its signature was found right.
 *
 * @param resource what it is about, with wildcards; empty for everything
 * @param before it is valid before this, seconds since 1970
 * @param after it is valid after this, seconds since 1970
 * @param network where it is valid
 */
record AccessPolicy(
    Optional<String> resource, long before, OptionalLong after, Optional<Network> network) {
  private static final Pattern NETWORK =
      Pattern.compile("(([0-9]{1,3}\\.){3}[0-9]{1,3})(?:/([0-9]|[12][0-9]|3[0-2]))?");

  /**
   * IPv4 addresses; CloudFront's policies know no others.
   *
   * @param address any of them
   * @param length of their common prefix, 0 to 32
   */
  record Network(int address, int length) {
    boolean contains(InetAddress one) {
      byte[] bytes = one.getAddress();
      if (bytes.length != Integer.BYTES) {
        return false;
      }
      long mask = 0xffff_ffffL << (Integer.SIZE - length);
      return ((number(bytes) ^ address) & mask & 0xffff_ffffL) == 0;
    }

    private static int number(byte[] bytes) {
      int number = 0;
      for (byte one : bytes) {
        number = (number << Byte.SIZE) | (one & 0xff);
      }
      return number;
    }

    /**
     * Reads an address, perhaps with a prefix length.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Network parse(String text) {
      var matcher = NETWORK.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not a range of IPv4 addresses: " + text);
      }
      byte[] bytes = InetAddress.ofLiteral(matcher.group(1)).getAddress();
      String length = matcher.group(3);
      return new Network(number(bytes), length == null ? Integer.SIZE : Integer.parseInt(length));
    }
  }

  /**
   * Reads a policy. A member that CloudFront's policies do not have is refused: it might be a
   * condition, and dropping one would let in whom the signer meant to keep out.
   *
   * @throws IllegalArgumentException if it is none; says why
   */
  static AccessPolicy parse(String json) {
    Map<?, ?> policy = object(Json.parse(json), Set.of("Statement"));
    if (!(policy.get("Statement") instanceof List<?> list && list.size() == 1)) {
      throw new IllegalArgumentException("a policy has one statement");
    }
    Map<?, ?> statement = object(list.getFirst(), Set.of("Resource", "Condition"));
    Map<?, ?> condition =
        object(statement.get("Condition"), Set.of("DateLessThan", "DateGreaterThan", "IpAddress"));
    return new AccessPolicy(
        statement.containsKey("Resource")
            ? Optional.of(text(statement.get("Resource")))
            : Optional.empty(),
        time(condition.get("DateLessThan")),
        condition.containsKey("DateGreaterThan")
            ? OptionalLong.of(time(condition.get("DateGreaterThan")))
            : OptionalLong.empty(),
        condition.containsKey("IpAddress")
            ? Optional.of(network(condition.get("IpAddress")))
            : Optional.empty());
  }

  private static Map<?, ?> object(@Nullable Object value, Set<String> members) {
    if (value instanceof Map<?, ?> map && members.containsAll(map.keySet())) {
      return map;
    }
    throw new IllegalArgumentException("not an object with members of " + members);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("not a text: " + value);
  }

  private static long time(@Nullable Object value) {
    if (object(value, Set.of("AWS:EpochTime")).get("AWS:EpochTime") instanceof Long seconds) {
      return seconds;
    }
    throw new IllegalArgumentException("AWS:EpochTime is a number of seconds");
  }

  private static Network network(@Nullable Object value) {
    return Network.parse(text(object(value, Set.of("AWS:SourceIp")).get("AWS:SourceIp")));
  }

  /** Returns what is against it here and now; empty for nothing. */
  Optional<Permission.Reason> objection(SignedResource asked, InetAddress viewer, Instant now) {
    if (resource.isPresent() && !asked.matches(resource.get())) {
      return Optional.of(Permission.Reason.RESOURCE);
    }
    if (isOver(before, now)) {
      return Optional.of(Permission.Reason.EXPIRED);
    }
    if (after.isPresent() && !now.isAfter(Instant.ofEpochSecond(after.getAsLong()))) {
      return Optional.of(Permission.Reason.NOT_YET);
    }
    return network.isPresent() && !network.get().contains(viewer)
        ? Optional.of(Permission.Reason.ADDRESS)
        : Optional.empty();
  }

  /** Returns whether a time has come, in seconds since 1970 that may be any of 64 bits. */
  static boolean isOver(long before, Instant now) {
    return now.getEpochSecond() >= before;
  }
}
