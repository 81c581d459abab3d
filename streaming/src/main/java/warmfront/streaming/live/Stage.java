package warmfront.streaming.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import warmfront.time.Clock;

/** The players of a channel on one loop; their list is used on that loop only. */
final class Stage {
  private final Executor loop;
  private final Clock clock;
  private final List<Player> players = new ArrayList<>();

  Stage(Executor loop, Clock clock) {
    this.loop = loop;
    this.clock = clock;
  }

  void add(Player player) {
    players.add(player);
  }

  void remove(Player player) {
    players.remove(player);
  }

  boolean isEmpty() {
    return players.isEmpty();
  }

  /** Gives a batch to the players, on their loop, and releases it. */
  void frames(Batch batch) {
    try {
      loop.execute(() -> give(batch));
    } catch (RejectedExecutionException e) {
      batch.release(); // the server ends
    }
  }

  private void give(Batch batch) {
    long now = clock.nanos();
    for (Player player : List.copyOf(players)) {
      player.frames(batch, now);
      player.link().flush();
    }
    batch.release();
  }

  /** Does something with each player, on their loop, after what was given before. */
  void each(Consumer<Player> what) {
    try {
      loop.execute(() -> {
        for (Player player : List.copyOf(players)) {
          what.accept(player);
          player.link().flush();
        }
      });
    } catch (RejectedExecutionException e) {
      // the server ends, and with it all of them
    }
  }
}
