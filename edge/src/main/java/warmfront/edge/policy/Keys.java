package warmfront.edge.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Lookup.Passing;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.TtlRule;
import warmfront.http.Method;
import warmfront.http.RequestControl;
import warmfront.http.Vary;

/**
 * Step 4, key: distribution and tenant, path as received, OPTIONS or not, Accept-Encoding reduced,
 * and the headers, cookies and query strings of the cache policy (CloudFront, "Understand the cache
 * key"). The scheme, the alias used and the port are not in it; the alias is where the origin is
 * told it. Thread-safe.
 */
public final class Keys {
  /** In the place of the method: nothing is shared with the cache of CloudFront's rules. */
  private static final String STANDARD = "RFC 9111";

  private static final int VARIANT_ROOM = 128;

  private final HashKey key;

  /** Makes keys that are hashed with {@code key}. */
  public Keys(HashKey key) {
    this.key = key;
  }

  /** Returns why the cache has no part in a request; empty if it has. */
  public Optional<Passing> passing(Route route, Request request) {
    Plan plan = Plan.of(route);
    if (request.isTunnel()) {
      return Optional.of(Passing.UPGRADE);
    }
    if (!plan.caches(request.method())) {
      return Optional.of(Passing.METHOD);
    }
    return plan.rule().caching() ? Optional.empty() : Optional.of(Passing.CACHING_DISABLED);
  }

  /** Returns the key of a request that the cache has a part in. */
  public CacheKey key(Route route, Request request) {
    Plan plan = Plan.of(route);
    String owner = route.site().owner();
    @Nullable String query = plan.query(request);
    @Nullable String encoding = plan.encoding(request);
    @Nullable String cookies = plan.cookies(request);
    String method =
        plan.isStandard() ? STANDARD : request.method().equals(Method.OPTIONS) ? "OPTIONS" : "GET";
    var tuple =
        new Tuple(
            room(owner)
                + room(request.path())
                + room(method)
                + room(query)
                + room(encoding)
                + room(cookies)
                + (plan.tellsHost() ? room(request.host()) : 0));
    tuple.add(owner);
    tuple.add(request.path());
    tuple.add(method);
    tuple.addOptional(query);
    tuple.addOptional(encoding);
    tuple.addOptional(cookies);
    List<String> headers = plan.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.get(i);
      @Nullable String value = request.fields().joined(name);
      if (value != null) {
        tuple.addLowerCase(name);
        tuple.add(value);
      }
    }
    if (plan.tellsHost()) {
      tuple.add(request.host());
    }
    String path = query == null ? request.path() : request.path() + "?" + query;
    return key(tuple, owner, path);
  }

  private CacheKey key(Tuple tuple, String owner, String path) {
    byte[] canonical = tuple.bytes();
    KeyedHash hash = KeyedHash.of(key, canonical);
    return new CacheKey(hash.first(), hash.second(), canonical, owner, path);
  }

  /** Returns whether the cache of a route goes by RFC 9111. */
  public static boolean isStandard(Route route) {
    return Plan.of(route).isStandard();
  }

  /** Returns what a request asks of a cache that goes by RFC 9111. */
  public Inquiry inquiry(Route route, Request request) {
    CacheKey primary = key(route, request);
    return new Inquiry(
        primary,
        RequestControl.parse(request.fields()),
        request.fields().has("Authorization"),
        request.method().equals(Method.HEAD),
        (generation, names) -> variant(primary, request, generation, names));
  }

  /** The secondary key of RFC 9111, section 4.1. */
  private CacheKey variant(CacheKey primary, Request request, long generation, List<String> names) {
    byte[] begin = primary.canonical();
    var tuple = new Tuple(begin.length + VARIANT_ROOM);
    tuple.addAll(begin);
    tuple.addOptional(null); // no name of a header: no primary key goes on like that
    tuple.add(Long.toHexString(generation));
    for (String name : names) {
      tuple.add(name);
      tuple.addOptional(Vary.normal(request.fields(), name));
    }
    return key(tuple, primary.owner(), primary.invalidationPath());
  }

  /** Returns the bytes that a part takes if all of its characters are US-ASCII. */
  private static int room(@Nullable String part) {
    return Integer.BYTES + (part == null ? 0 : part.length());
  }

  /** Returns how long responses of a route live; one object per route. */
  public static TtlRule rule(Route route) {
    return Plan.of(route).rule();
  }

  /**
   * Returns whether viewers may wait for one another's fetches, and stored objects be confirmed by
   * their validators: not where cookies reach the origin (CloudFront, "Request collapsing"), unless
   * Vary says for whom they are.
   */
  public static boolean mayShareFetch(Route route) {
    Plan plan = Plan.of(route);
    return plan.isStandard() || !plan.hasCookies();
  }

  /**
   * A sequence of strings as bytes: each has its number of characters before it, so that no two
   * sequences have the same bytes. Absent is not the same as empty.
   */
  private static final class Tuple {
    private static final int ABSENT = -1;
    private static final VarHandle INT =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    Tuple(int capacity) {
      bytes = new byte[capacity];
    }

    void addOptional(@Nullable String part) {
      if (part == null) {
        length(ABSENT);
      } else {
        add(part);
      }
    }

    void add(String part) {
      int count = part.length();
      length(count);
      room(count);
      int at = ascii(part, count, bytes, size);
      size += at;
      for (; at < count; at++) {
        character(part.charAt(at));
      }
    }

    /** Copies what is US-ASCII up to the first character that is not; returns how many they are. */
    private static int ascii(String part, int count, byte[] to, int from) {
      for (int i = 0; i < count; i++) {
        char c = part.charAt(i);
        if (c >= 0x80) {
          return i;
        }
        to[from + i] = (byte) c;
      }
      return count;
    }

    void addAll(byte[] others) {
      room(others.length);
      System.arraycopy(others, 0, bytes, size, others.length);
      size += others.length;
    }

    void addLowerCase(String part) {
      length(part.length());
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        character(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
      }
    }

    byte[] bytes() {
      return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void length(int length) {
      room(Integer.BYTES);
      INT.set(bytes, size, length);
      size += Integer.BYTES;
    }

    /** One to three bytes, told apart by the first, as in UTF-8. */
    private void character(char c) {
      if (c < 0x80) {
        room(1);
        bytes[size++] = (byte) c;
        return;
      }
      room(3);
      if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | c >> 6);
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      } else {
        bytes[size++] = (byte) (0xE0 | c >> 12);
        bytes[size++] = (byte) (0x80 | (c >> 6 & 0x3F));
        bytes[size++] = (byte) (0x80 | (c & 0x3F));
      }
    }

    private void room(int needed) {
      if (bytes.length - size < needed) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length + needed);
      }
    }
  }
}
