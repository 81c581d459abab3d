package warmfront.control.api;

import java.util.Optional;

/**
 * What is served on the API's port beside CloudFront's operations, behind the same signatures. Its
 * requests have no body. Called on any thread.
 */
public interface Annex {
  /**
   * Answers a request whose signature is right; empty if it is none of the annex's.
   *
   * @param path the raw path
   * @param query the raw query, without its question mark
   */
  Optional<Answer> answer(String method, String path, String query);

  /**
   * What the annex says.
   *
   * @param status of HTTP
   * @param type the media type
   * @param body in UTF-8
   */
  record Answer(int status, String type, String body) {}
}
