package warmfront.edge.cache;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Gaps;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Fields;

/** A stretch of a long object that the origin is asked for because it is lacking. */
final class GapFill implements Gaps.Gap, Feed.Outcome {
  private static final String CHANGED = "the object has changed at the origin";

  private final Sliced content;
  private final long from;
  private final long end;
  private final String validator;
  private final Feed feed;
  private final AtomicBoolean settled = new AtomicBoolean();

  /** Makes it, and has others wait for it. Called under the content's lock. */
  GapFill(Sliced content, long from, long end, String validator) {
    this.content = content;
    this.from = from;
    this.end = end;
    this.validator = validator;
    this.feed = content.feed(from, end, this);
  }

  @Override
  public ByteRange range() {
    return new ByteRange(from, end - 1);
  }

  @Override
  public String ifRange() {
    return validator;
  }

  @Override
  public void settle(Fetched fetched) {
    if (!settled.compareAndSet(false, true)) {
      throw new IllegalStateException("a gap is settled once");
    }
    switch (fetched) {
      case Fetched.Answered answer -> answered(answer);
      case Fetched.Failed failed -> feed.fail(failed.detail());
    }
  }

  private void answered(Fetched.Answered answer) {
    @Nullable ContentRange part = ContentRange.parse(answer.fields()).orElse(null);
    if (answer.status() == 206 && part != null && isSame(answer.fields(), part)) {
      ByteRange sent = part.range();
      if (sent.first() <= from && content.keptBefore(sent.last() + 1) > from) {
        feed.begin(answer.body(), sent);
        return;
      }
      answer.body().cancel();
      feed.fail("the origin sent another part than it was asked for");
      return;
    }
    answer.body().cancel();
    if (answer.status() < 500) {
      content.outdated(CHANGED);
    }
    feed.fail(CHANGED);
  }

  private boolean isSame(Fields fields, ContentRange part) {
    @Nullable String named = fields.value(validator.startsWith("\"") ? "ETag" : "Last-Modified");
    return part.length() == content.bodyLength() && (named == null || named.equals(validator));
  }

  @Override
  public void whole() {
    // Its pieces are kept one by one.
  }

  @Override
  public void broken(String reason) {
    // Readings that wait ask again, or end.
  }
}
