package warmfront.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.distribution.Server;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;

/**
 * A server that learns from the log where it listens. It is opened with the first picture that has
 * its registration, from its own disk or from control, and begins to serve when it has taken that
 * picture; then it gets every further one. Where it listens is settled until the process ends.
 */
final class Registered implements Subscriber {
  /** What is opened. */
  interface Served extends Subscriber {
    /** Begins to listen; a picture was taken. */
    void start() throws IOException;
  }

  /** Opens what is served. */
  interface Opening {
    /** Makes it out of the registration; listens nowhere yet. */
    Served open(Server own, Snapshot picture) throws IOException;
  }

  private final String id;
  private final Server.Role role;
  private final Opening opening;
  private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());

  private @Nullable Served served;
  private volatile @Nullable Server settled;
  private volatile boolean movedSince;
  private boolean started;

  Registered(String id, Server.Role role, Opening opening) {
    this.id = id;
    this.role = role;
    this.opening = opening;
  }

  /** Returns what it does in the fleet. */
  Server.Role role() {
    return role;
  }

  /** Returns the registration it was opened with. */
  Optional<Server> own() {
    return Optional.ofNullable(settled);
  }

  /** Returns whether the register names other addresses by now: then it is to be restarted. */
  boolean movedSince() {
    return movedSince;
  }

  /** Returns why it will never serve, if so. */
  Optional<String> failure() {
    return failure.get();
  }

  @Override
  public Verdict take(Snapshot next, List<Entry> changes) {
    Optional<Server> own = next.find(Kind.SERVER, id).map(found -> (Server) found.resource());
    try {
      Served open = served;
      boolean isFirst = open == null;
      if (open == null) {
        if (own.isEmpty()) {
          return new Verdict.Applied();
        }
        open = open(own.get(), next);
        served = open;
      }
      Verdict verdict = open.take(next, isFirst ? List.of() : changes);
      if (verdict instanceof Verdict.Applied) {
        if (!started) {
          started = true;
          open.start();
        }
        note(own);
      }
      return verdict;
    } catch (IOException | IllegalArgumentException failed) {
      // The process ends; the picture itself is none the worse for it.
      failure.set(Optional.of(String.valueOf(failed.getMessage())));
      return new Verdict.Applied();
    }
  }

  private Served open(Server own, Snapshot picture) throws IOException {
    if (own.role() != role) {
      throw new IOException(
          "%s is registered with role %s, not %s".formatted(id, own.role(), role));
    }
    Served open = opening.open(own, picture);
    settled = own;
    return open;
  }

  private void note(Optional<Server> now) {
    Server then = settled;
    movedSince =
        then != null
            && now.isPresent()
            && !(now.get().listen().equals(then.listen())
                && now.get().location().equals(then.location()));
  }
}
