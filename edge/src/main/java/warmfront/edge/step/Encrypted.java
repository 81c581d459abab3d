package warmfront.edge.step;

/**
 * What field-level encryption made of a request, as the access log says it.
 *
 * @param status the word for it
 * @param fields how many fields went to the origin encrypted
 */
public record Encrypted(Status status, int fields) {
  /** The words of CloudFront's log ("Standard log file fields", fle-status). */
  public enum Status {
    PROCESSED("Processed"),
    FORWARDED_BY_CONTENT_TYPE("ForwardedByContentType"),
    FORWARDED_BY_QUERY_ARGS("ForwardedByQueryArgs"),
    FORWARDED_DUE_TO_NO_PROFILE("ForwardedDueToNoProfile"),
    MALFORMED_CONTENT_TYPE("MalformedContentTypeClientError"),
    MALFORMED_INPUT("MalformedInputClientError"),
    MALFORMED_QUERY_ARGS("MalformedQueryArgsClientError"),
    REJECTED_BY_CONTENT_TYPE("RejectedByContentType"),
    REJECTED_BY_QUERY_ARGS("RejectedByQueryArgs"),
    SERVER_ERROR("ServerError"),
    FIELD_LENGTH_LIMIT("FieldLengthLimitClientError"),
    FIELD_NUMBER_LIMIT("FieldNumberLimitClientError"),
    REQUEST_LENGTH_LIMIT("RequestLengthLimitClientError");

    private final String logName;

    Status(String logName) {
      this.logName = logName;
    }

    /** Returns the value of fle-status. */
    public String logName() {
      return logName;
    }
  }

  /** Returns what is logged once the origin has failed. */
  public Encrypted failed() {
    return new Encrypted(Status.SERVER_ERROR, fields);
  }
}
