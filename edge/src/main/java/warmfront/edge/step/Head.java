package warmfront.edge.step;

import org.jspecify.annotations.Nullable;
import warmfront.http.Fields;

/**
 * The part of a response that does not change from viewer to viewer. Dressed once per stored object
 * and snapshot revision; the viewer room keeps its serialised form here. Immutable but for that.
 */
public final class Head {
  private final int status;
  private final Fields fields;
  private final long contentLength;
  private volatile @Nullable Object http1;
  private volatile @Nullable Object http2;
  private volatile @Nullable Variant variant;

  /** This head with more on it, for those requests that have a matter in common. */
  private record Variant(String matter, Head head) {}

  private volatile @Nullable Object http3;

  /**
   * Makes a head.
   *
   * @param status 200 to 599
   * @param fields end-to-end fields, without those of framing, Age, Via and the X- fields of {@link
   *     Stamp}; Content-Length is not in it
   * @param contentLength bytes of the body; -1 if not known beforehand
   */
  public Head(int status, Fields fields, long contentLength) {
    this.status = status;
    this.fields = fields;
    this.contentLength = contentLength;
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /** Returns the end-to-end fields. */
  public Fields fields() {
    return fields;
  }

  /** Returns the length of the body in bytes, also for HEAD and 304; -1 if not known beforehand. */
  public long contentLength() {
    return contentLength;
  }

  /** Returns the viewer room's form for HTTP/1, or null. */
  public @Nullable Object http1() {
    return http1;
  }

  /** Keeps the viewer room's form for HTTP/1. */
  public void keepHttp1(Object form) {
    http1 = form;
  }

  /** Returns the viewer room's form for HTTP/2, or null. */
  public @Nullable Object http2() {
    return http2;
  }

  /** Keeps the viewer room's form for HTTP/2. */
  public void keepHttp2(Object form) {
    http2 = form;
  }

  /** Returns what the policy room made of it for requests of one matter, or null. */
  public @Nullable Head variant(String matter) {
    @Nullable Variant kept = variant;
    return kept != null && kept.matter().equals(matter) ? kept.head() : null;
  }

  /** Keeps what the policy room made of it, for requests of one matter: the last one. */
  public void keepVariant(String matter, Head head) {
    variant = new Variant(matter, head);
  }

  /** Returns the viewer room's form for HTTP/3, or null. */
  public @Nullable Object http3() {
    return http3;
  }

  /** Keeps the viewer room's form for HTTP/3. */
  public void keepHttp3(Object form) {
    http3 = form;
  }
}
