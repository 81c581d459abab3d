package warmfront.streaming.media;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An MP4 whose frames are in fragments, which are read when they are played.
 *
 * @param beginning frames that the moov itself has: some writers put the first fragment there
 * @param first where the first box after the moov begins
 * @param base milliseconds of the movie that are the beginning
 * @param index where fragments are, as far as it is said
 */
record FragmentedMedium(
    Movie movie,
    @Nullable MovieFragment beginning,
    long first,
    long base,
    FragmentIndex index,
    long durationMillis,
    List<Tag> head)
    implements Medium {
  @Override
  public List<String> fourCcs() {
    return movie.fourCcs();
  }

  @Override
  public Reel from(long millis) {
    return new FragmentReel(this, Math.max(0, millis));
  }

  /** Returns a walk that finds a fragment first. */
  FragmentWalk walk(long begin) {
    return begin == FragmentWalk.BEGINNING
        ? new FragmentWalk(movie, beginning, first, base)
        : new FragmentWalk(movie, null, begin, base);
  }

  @Override
  public long weight() {
    long frames = beginning == null ? 0 : beginning.weight();
    return frames + index.weight() + IndexedMedium.weight(head);
  }
}
