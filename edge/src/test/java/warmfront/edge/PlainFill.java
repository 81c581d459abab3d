package warmfront.edge;

import java.time.Duration;
import java.util.Optional;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;

/** A fill that ends as it was told to. */
final class PlainFill implements Fill {
  Optional<Settled> outcome = Optional.empty();
  boolean abandoned;
  boolean mayServeStale;

  @Override
  public CacheKey key() {
    return new CacheKey(0, 0, new byte[0], "EA", "/");
  }

  @Override
  public Optional<Stored> stale() {
    return Optional.empty();
  }

  @Override
  public boolean mayServeStale() {
    return mayServeStale;
  }

  @Override
  public Optional<Settled> await(Duration limit) {
    return outcome;
  }

  @Override
  public void leaveElsewhere() {
    abandoned = true;
  }

  @Override
  public void abandon() {
    abandoned = true;
  }
}
