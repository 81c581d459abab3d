package warmfront.edge.peer;

/** What came of asking another server; the name is also the metrics' label. */
public enum Outcome {
  /** It had the object. */
  HIT,
  /** It fetched the object, or had it confirmed. */
  MISS,
  /** It said that it does not serve this: it does not know of it, or has not the latest changes. */
  DECLINED,
  /** It was not reached, or gave no answer. */
  FAILED
}
