package warmfront.streaming.play;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.RangedReader.Answer;
import warmfront.bytes.RangedReader.Found;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.bytes.RangedReader.Wanted;
import warmfront.streaming.media.Opening;
import warmfront.streaming.play.Library.Outcome;

/**
 * Opens one object: asks for its head, and then for whatever the container's reader needs. Its
 * steps follow one another on its own executor.
 */
final class Opener {
  private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

  private final Library library;
  private final Wanted wanted;
  private final OnDemand.Objects objects;
  private final Serial loop;
  private final PlayLimits.Shelf limits;
  private final List<Waiter> waiters = new ArrayList<>();
  private @Nullable Reading reading;
  private boolean ended;

  /** Who wants to know. */
  record Waiter(Executor loop, Consumer<Outcome> then) {
    void tell(Outcome outcome) {
      loop.execute(() -> then.accept(outcome));
    }
  }

  /** What is read and by whom, once the object is there. */
  private static final class Reading {
    final Stretch.Source source;
    final Blocks blocks;
    final Opening opening;
    Opening.@Nullable Needs needs;
    int steps;
    long gathered;

    Reading(Stretch.Source source, Blocks blocks, Opening opening) {
      this.source = source;
      this.blocks = blocks;
      this.opening = opening;
    }
  }

  Opener(Library library, Wanted wanted, OnDemand.Objects objects, PlayLimits.Shelf limits) {
    this.library = library;
    this.wanted = wanted;
    this.objects = objects;
    this.loop = new Serial(objects.threads());
    this.limits = limits;
  }

  /** Returns who waits; guarded by the library's lock. */
  List<Waiter> waiters() {
    return waiters;
  }

  /** Asks for the object's head, which also says whether it is what it was. */
  void begin() {
    loop.execute(() -> objects.reader().read(wanted, 0, limits.headBytes(), loop, this::answered));
  }

  private void answered(Answer answer) {
    switch (answer) {
      case Lacking lacking -> end(new Outcome.Missing(lacking.status()));
      case Found found -> {
        Optional<Outcome.Opened> kept = library.kept(wanted, found.version(), found.length());
        if (kept.isPresent() || found.length() == 0) {
          found.flow().cancel();
          end(kept.isPresent() ? kept.get() : new Outcome.Unplayable("the file is empty"));
        } else {
          open(found);
        }
      }
    }
  }

  private void open(Found found) {
    Stretch.Source source =
        new Stretch.Source(objects.reader(), wanted, found.length(), found.version());
    Blocks blocks = new Blocks(source, 1, loop, this::step);
    reading = new Reading(source, blocks, objects.containers().apply(wanted.path()));
    blocks.adopt(found.flow(), Math.min(limits.headBytes(), found.length()));
    step();
  }

  private void step() {
    Reading now = reading;
    if (ended || now == null) {
      return;
    }
    try {
      Optional<Outcome> outcome = advance(now);
      outcome.ifPresent(this::end);
    } catch (RuntimeException e) {
      // A defect of ours that a file has found must not leave its viewers waiting.
      LOG.error("{} of {} could not be opened", wanted.path(), wanted.distribution(), e);
      end(new Outcome.Unplayable("it cannot be read"));
    }
  }

  /** Goes on until bytes have to come, or to the end. */
  private Optional<Outcome> advance(Reading now) {
    while (atHand(now)) {
      switch (now.opening.next(now.blocks)) {
        case Opening.Opened(var medium) -> {
          return Optional.of(new Outcome.Opened(now.source, medium));
        }
        case Opening.Refused(String reason) -> {
          return Optional.of(new Outcome.Unplayable(reason));
        }
        case Opening.Needs needs -> {
          Optional<Outcome> refusal = refusal(now, needs);
          if (refusal.isPresent()) {
            return refusal;
          }
          now.needs = needs;
        }
      }
    }
    return now.blocks.failure().map(Opener::outcome);
  }

  private static boolean atHand(Reading now) {
    Opening.Needs needs = now.needs;
    return needs == null || now.blocks.want(Blocks.Place.STRUCTURE, needs.offset(), needs.length());
  }

  private Optional<Outcome> refusal(Reading now, Opening.Needs needs) {
    if (needs.offset() < 0 || needs.offset() + needs.length() > now.source.length()) {
      return Optional.of(new Outcome.Unplayable("it is cut off"));
    }
    if (++now.steps > limits.stepsMax()) {
      return Optional.of(new Outcome.Unplayable("its structure is in too many places"));
    }
    long more = needs.length() - now.gathered;
    now.gathered = needs.length();
    return library.gather(more)
        ? Optional.empty()
        : Optional.of(new Outcome.Unplayable("too much is being opened"));
  }

  private static Outcome outcome(Failure failure) {
    return switch (failure) {
      case Failure.Changed() -> new Outcome.Unplayable("it has just changed");
      case Failure.Missing(int status) -> new Outcome.Missing(status);
      case Failure.Broken(String reason) -> new Outcome.Unplayable(reason);
    };
  }

  private void end(Outcome outcome) {
    ended = true;
    Reading now = reading;
    if (now != null) {
      now.blocks.close();
      library.gather(-now.gathered);
    }
    library.ended(wanted, this, outcome);
  }
}
