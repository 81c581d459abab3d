package warmfront.edge.step;

/** What a response is to the cache, as x-edge-result-type and X-Cache say. */
public enum ResultType {
  HIT("Hit"),
  REFRESH_HIT("RefreshHit"),
  MISS("Miss"),
  REDIRECT("Redirect"),
  ERROR("Error"),
  LIMIT_EXCEEDED("LimitExceeded"),
  CAPACITY_EXCEEDED("CapacityExceeded");

  private final String logName;

  ResultType(String logName) {
    this.logName = logName;
  }

  /** Returns the name in logs and metrics; X-Cache adds "from cloudfront". */
  public String logName() {
    return logName;
  }
}
