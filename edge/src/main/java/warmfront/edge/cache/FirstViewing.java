package warmfront.edge.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import warmfront.edge.step.Body;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Head;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stored;
import warmfront.edge.step.TtlRule;
import warmfront.http.ByteRange;
import warmfront.http.Fields;

/**
 * A stored object as the viewer sees it that it was fetched for: with the fields that are withheld
 * from everybody else, as {@code no-cache="Set-Cookie"} asks (RFC 9111, section 5.2.2.4).
 *
 * @param kept the object
 * @param fields all fields of the answer
 */
record FirstViewing(Resident kept, Fields fields) implements Stored {
  @Override
  public int status() {
    return kept.status();
  }

  @Override
  public long length() {
    return kept.length();
  }

  @Override
  public Duration age(long nanos) {
    return kept.age(nanos);
  }

  @Override
  public Duration freshFor() {
    return kept.freshFor();
  }

  @Override
  public String lifetime(TtlRule rule) {
    return kept.lifetime(rule);
  }

  @Override
  public Head dressed(Route route, BiFunction<Stored, Route, Head> dress) {
    return dress.apply(this, route);
  }

  @Override
  public Body body(Gaps gaps) {
    return kept.body(gaps);
  }

  @Override
  public Body body(ByteRange range, Gaps gaps) {
    return kept.body(range, gaps);
  }

  @Override
  public boolean mayLack() {
    return kept.mayLack();
  }

  @Override
  public boolean lacks(ByteRange range) {
    return kept.lacks(range);
  }

  @Override
  public Optional<String> etag() {
    return kept.etag();
  }

  @Override
  public Optional<String> lastModified() {
    return kept.lastModified();
  }

  @Override
  public void release() {
    kept.release();
  }
}
