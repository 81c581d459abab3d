package warmfront.edge;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Place;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * A request that the operator makes to be told how its response comes about: it goes through the
 * steps as a viewer's does, the origin is asked if a viewer's would ask it, and what may be kept is
 * kept; but it is in no log, and nobody reads the body.
 */
public final class Inspection implements Reply {
  private static final int ID_BYTES = 12; // 24 characters, as a viewer's has
  private static final Delivery NO_VIEWER = new Delivery(0, 0, 0, 0, true, 0);

  private final CompletableFuture<Found> found = new CompletableFuture<>();
  private @Nullable String explanation;

  /**
   * What is asked.
   *
   * @param url {@code http://} or {@code https://} and a host and path; the port does not matter
   * @param fields further fields of the request
   * @param viewer whose request it is; the unspecified address for that of no one viewer
   */
  public record Question(URI url, Fields fields, InetSocketAddress viewer) {
    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if the URL is none that a viewer could ask for
     */
    public Question {
      String scheme = Objects.requireNonNullElse(url.getScheme(), "");
      boolean isWeb = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
      if (!isWeb || url.getHost() == null || url.getRawUserInfo() != null) {
        throw new IllegalArgumentException("not http:// or https:// and a host: " + url);
      }
      if (fields.has("Host")) {
        throw new IllegalArgumentException("the host is the one of the URL");
      }
    }

    boolean isSecure() {
      return url.getScheme().equalsIgnoreCase("https");
    }
  }

  /**
   * What was found.
   *
   * @param status the response's
   * @param result what it was to the cache, as in {@code X-Cache}
   * @param ageSeconds its Age; -1 without one
   * @param cacheStatus what the cache did, in the words of RFC 9211; empty if it did nothing
   * @param explanation the same in plain words, and what the request matched; empty if no
   *     distribution has the host
   */
  public record Found(
      int status, String result, long ageSeconds, String cacheStatus, String explanation) {}

  private Inspection() {}

  /** Asks at a place; what is returned completes once the response begins. */
  static CompletableFuture<Found> begin(
      Rooms rooms, Place place, Question question, RandomGenerator random) {
    Inspection inspection = new Inspection();
    Request request = request(question, place, rooms.clock().nanos(), random);
    new Exchange(rooms.forOperator(), request, inspection)
        .forOperator(text -> inspection.explanation = text);
    return inspection.found;
  }

  private static Request request(Question question, Place place, long now, RandomGenerator random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    URI url = question.url();
    String host = url.getHost().toLowerCase(Locale.ROOT);
    String path = url.getRawPath();
    return new Request(
        HexFormat.of().formatHex(id),
        Method.GET,
        host,
        path.isEmpty() ? "/" : path,
        url.getRawQuery(),
        Fields.builder().add("Host", host).addAll(question.fields()).build(),
        Flow.empty(),
        0,
        Protocol.HTTP_1_1,
        Optional.empty(),
        new Place(place.location(), question.isSecure(), place.httpsPort()),
        question.viewer(),
        0,
        now);
  }

  @Override
  public void send(Response response, Consumer<Delivery> whenSent) {
    Answers.flow(response.body()).cancel();
    whenSent.accept(NO_VIEWER);
    found.complete(
        new Found(
            response.head().status(),
            response.stamp().result().logName(),
            response.stamp().ageSeconds(),
            Objects.requireNonNullElse(response.stamp().cacheStatus(), ""),
            Objects.requireNonNullElse(explanation, "")));
  }

  @Override
  public Executor loop() {
    return Runnable::run;
  }

  @Override
  public boolean gone() {
    return false;
  }
}
