package warmfront.edge.step;

import java.util.function.Supplier;

/** Step 3, admit: whether a matched request is served. */
public sealed interface Admission {
  /** It is; {@code request} has the default root object's path where that applies. */
  record Allowed(Request request) implements Admission {}

  /**
   * It is sent elsewhere.
   *
   * @param status 301 or 307
   * @param location absolute URI
   */
  record Redirected(int status, String location) implements Admission {}

  /**
   * To judge it takes longer than an event loop has time.
   *
   * @param judgement what to do elsewhere; its result is never one of this kind
   */
  record Deferred(Supplier<Admission> judgement) implements Admission {}

  /**
   * It is refused.
   *
   * @param status 400 to 599
   * @param reason why
   * @param detail one sentence for the viewer, without secrets
   */
  record Refused(int status, Reason reason, String detail) implements Admission {}
}
