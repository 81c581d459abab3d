package warmfront.control.api;

import java.util.Optional;
import warmfront.control.identity.Caller;

/**
 * What is served on the API's port beside CloudFront's operations, behind the same signatures.
 * Called on any thread.
 */
public interface Annex {
  /** Answers a request whose signature is right; empty if it is none of the annex's. */
  Optional<Answer> answer(Caller caller, Request request);

  /**
   * A request.
   *
   * @param method of HTTP
   * @param path the raw path
   * @param query the raw query, without its question mark
   * @param body in UTF-8; empty for none
   */
  record Request(String method, String path, String query, String body) {}

  /**
   * What the annex says.
   *
   * @param status of HTTP
   * @param type the media type
   * @param body in UTF-8
   */
  record Answer(int status, String type, String body) {}
}
