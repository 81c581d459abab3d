package warmfront.streaming.segment;

import java.util.List;
import warmfront.bytes.Slice;

/** What a channel's packager has to say to a request for a {@link Resource}. */
public sealed interface Answer {
  /**
   * All of it.
   *
   * @param type its media type
   * @param cacheControl how long caches may keep it (RFC 8216bis, appendix B.1)
   * @param pieces its bytes in order, on the heap
   */
  record Whole(String type, String cacheControl, List<Slice> pieces) implements Answer {
    public Whole {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * Its beginning; whoever asks again after the next change gets more pieces behind the same ones,
   * and in the end a {@link Whole}.
   *
   * @param type its media type
   * @param cacheControl how long caches may keep it once it is whole
   * @param pieces its bytes so far
   */
  record Growing(String type, String cacheControl, List<Slice> pieces) implements Answer {
    public Growing {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * It is about to exist: to be asked for again after the next change.
   *
   * @param patienceMillis after how long the request is to be answered 503 instead: three target
   *     durations (RFC 8216bis, 6.2.5.2)
   */
  record NotYet(long patienceMillis) implements Answer {}

  /** It is no more, will not be soon, or never was. */
  record Missing() implements Answer {}

  /**
   * It asks for what cannot be.
   *
   * @param reason for whoever asked
   */
  record Malformed(String reason) implements Answer {}
}
