package warmfront.edge.step;

/** A content coding that the edge can make (RFC 9110, section 8.4.1; RFC 7932; RFC 9659). */
public enum Coding {
  ZSTD("zstd"),
  BROTLI("br"),
  GZIP("gzip");

  private final String token;

  Coding(String token) {
    this.token = token;
  }

  /** Returns its name in Accept-Encoding and Content-Encoding. */
  public String token() {
    return token;
  }
}
