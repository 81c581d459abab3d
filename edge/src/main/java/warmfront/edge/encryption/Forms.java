package warmfront.edge.encryption;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import warmfront.bytes.Flow;
import warmfront.bytes.Gathering;
import warmfront.bytes.Gathering.Gathered;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Encrypted.Status;
import warmfront.edge.step.Encryption;
import warmfront.edge.step.Encryption.Profile;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Encrypts the forms of requests, as their behaviors say. Thread-safe; never waits. */
public final class Forms {
  /** CloudFront's quota of a body that is looked at, in bytes. */
  static final int BODY_BYTES_MAX = 1 << 20;

  /** So many bytes of forms are in memory at once. */
  private static final long BODIES_MAX = 64L << 20;

  private static final Set<Method> LOOKED_AT = Set.of(Method.POST, Method.PUT);

  /** What a viewer says of the bytes of its body, which are others now. */
  private static final List<String> OF_THE_BYTES =
      List.of("content-md5", "content-digest", "digest", "repr-digest", "x-amz-content-sha256");

  private final Executor offLoop;
  private final SecureRandom random = new SecureRandom();
  private final Gathering.Budget bodies = new Gathering.Budget(BODIES_MAX);

  /** What became of a request. */
  public sealed interface Outcome {
    /**
     * It goes on.
     *
     * @param request the request, with its form encrypted if that is so
     * @param note for the log
     * @param letGo to be run once the origin has answered
     */
    record Ready(Request request, Encrypted note, Runnable letGo) implements Outcome {}

    /**
     * It does not go on.
     *
     * @param note for the log
     * @param detail for the viewer
     */
    record Refused(Encrypted note, String detail) implements Outcome {}

    /** There is no room for its form. */
    record NoRoom() implements Outcome {}
  }

  /**
   * Makes the room.
   *
   * @param offLoop runs what takes longer than an event loop has
   */
  public Forms(Executor offLoop) {
    this.offLoop = offLoop;
  }

  /** Returns whether a request's body is to be looked at. */
  public static boolean isDue(Route route, Request request) {
    return route.encryption().isPresent()
        && request.hasBody()
        && !request.isTunnel()
        && LOOKED_AT.contains(request.method());
  }

  /**
   * Encrypts what is to be encrypted. The request's body is read or cancelled, unless it is that of
   * the request that goes on.
   *
   * @param then is called once, on any thread
   */
  public void encrypt(Encryption encryption, Request request, Consumer<Outcome> then) {
    switch (Choice.of(encryption, request)) {
      case Choice.By(Profile profile) -> gather(profile, request, then);
      case Choice.Forwarded(Status status) ->
          then.accept(new Outcome.Ready(request, new Encrypted(status, 0), () -> {}));
      case Choice.Refused(Status status, String detail) ->
          then.accept(cancelled(request, status, detail));
    }
  }

  private static Outcome cancelled(Request request, Status status, String detail) {
    request.body().cancel();
    return new Outcome.Refused(new Encrypted(status, 0), detail);
  }

  private void gather(Profile profile, Request request, Consumer<Outcome> then) {
    if (request.bodyLength() > BODY_BYTES_MAX) {
      then.accept(cancelled(request, Status.REQUEST_LENGTH_LIMIT, tooLong()));
      return;
    }
    if (isCoded(request.fields())) {
      then.accept(
          cancelled(
              request,
              Status.MALFORMED_INPUT,
              "A form with a Content-Encoding is not taken here."));
      return;
    }
    Gathering.of(
        request.body(),
        BODY_BYTES_MAX,
        bodies,
        gathered -> {
          switch (gathered) {
            case Gathered.Whole whole -> hop(profile, request, whole.bytes(), then);
            case Gathered.TooLong _ -> then.accept(refused(Status.REQUEST_LENGTH_LIMIT, tooLong()));
            case Gathered.NoRoom _ -> then.accept(new Outcome.NoRoom());
            case Gathered.Broken _ ->
                then.accept(refused(Status.MALFORMED_INPUT, "The body of the request broke off."));
          }
        });
  }

  private static boolean isCoded(Fields fields) {
    return fields
        .first("Content-Encoding")
        .filter(coding -> !coding.strip().equalsIgnoreCase("identity"))
        .isPresent();
  }

  private static String tooLong() {
    return "The body of a form has at most %d bytes here.".formatted(BODY_BYTES_MAX);
  }

  private static Outcome refused(Status status, String detail) {
    return new Outcome.Refused(new Encrypted(status, 0), detail);
  }

  /** A field takes some ten microseconds of RSA: not on a loop. */
  private void hop(Profile profile, Request request, byte[] body, Consumer<Outcome> then) {
    try {
      offLoop.execute(() -> then.accept(rewritten(profile, request, body)));
    } catch (RejectedExecutionException e) {
      bodies.giveBack(body.length);
      then.accept(new Outcome.NoRoom());
    }
  }

  private Outcome rewritten(Profile profile, Request request, byte[] body) {
    return switch (Form.rewrite(body, profile, random)) {
      case Form.Rewritten.Done done ->
          new Outcome.Ready(
              request
                  .withFields(request.fields().without(Forms::isOfTheBytes))
                  .withBody(Flow.of(done.body()), done.body().length),
              new Encrypted(Status.PROCESSED, done.fields()),
              () -> bodies.giveBack(body.length));
      case Form.Rewritten.Refused(Status status, String detail) -> {
        bodies.giveBack(body.length);
        yield refused(status, detail);
      }
    };
  }

  private static boolean isOfTheBytes(String name) {
    return OF_THE_BYTES.contains(name.toLowerCase(Locale.ROOT));
  }
}
