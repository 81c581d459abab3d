package warmfront.streaming.play;

/** Why a connection is refused, in CloudFront's words (its guide, errors of RTMP distributions). */
enum Refusal {
  DISTRIBUTION_NOT_FOUND("DistributionNotFound", "The distribution was not found."),
  DISTRIBUTION_TYPE_MISMATCH(
      "DistributionTypeMismatch", "The distribution is not an RTMP distribution."),
  INVALID_INSTANCE("InvalidInstance", "The instance is invalid."),
  INVALID_URI("InvalidURI", "The URI is invalid.");

  private final String code;
  private final String text;

  Refusal(String code, String text) {
    this.code = code;
    this.text = text;
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }
}
