package warmfront.edge.step;

/** The viewer's HTTP version; it ends at receive and begins again at send. */
public enum Protocol {
  HTTP_1_0("HTTP/1.0"),
  HTTP_1_1("HTTP/1.1"),
  HTTP_2("HTTP/2.0"),
  HTTP_3("HTTP/3.0");

  private final String logName;

  Protocol(String logName) {
    this.logName = logName;
  }

  /** Returns the name that access logs give it. */
  public String logName() {
    return logName;
  }
}
