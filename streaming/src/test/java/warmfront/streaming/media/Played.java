package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.List;

/** What comes of a file when it is opened and played as a session does it. */
final class Played {
  /** So often a reader may say that it needs something, whatever the file is. */
  private static final int STEPS_MAX = 10_000_000;

  private Played() {}

  /** Opens a file and gives what that needs. */
  static Opening.Step open(Bytes file, String name) {
    Opening opening = Containers.open(name);
    for (int steps = 0; steps < STEPS_MAX; steps++) {
      Opening.Step step = opening.next(file);
      if (step instanceof Opening.Needs(long offset, int length)) {
        file.give(offset, length);
      } else {
        return step;
      }
    }
    throw new AssertionError("it never ends");
  }

  /** Opens a file that can be played. */
  static Medium medium(Bytes file, String name) {
    Opening.Step step = open(file, name);
    if (step instanceof Opening.Opened(Medium medium)) {
      return medium;
    }
    throw new AssertionError(step.toString());
  }

  /** Plays to the end. */
  static List<Reel.Frame> frames(Medium medium, Bytes file, long millis) {
    List<Reel.Frame> frames = new ArrayList<>();
    end(medium, file, millis, frames);
    return frames;
  }

  /** Plays to the end, and returns it. */
  static Reel.End end(Medium medium, Bytes file, long millis, List<Reel.Frame> frames) {
    Reel reel = medium.from(millis);
    for (int steps = 0; steps < STEPS_MAX; steps++) {
      switch (reel.next(file)) {
        case Reel.Needs(long offset, int length) -> file.give(offset, length);
        case Reel.Frame frame -> frames.add(frame);
        case Reel.End end -> {
          return end;
        }
      }
    }
    throw new AssertionError("it never ends");
  }
}
