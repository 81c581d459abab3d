package warmfront.distribution;

/** The kinds of resource a log entry may change. The names are on the wire and in the store. */
public enum Kind {
  LOCATION(false),
  SERVER(false),
  CACHE_POLICY(false),
  ORIGIN_ACCESS_CONTROL(false),
  DISTRIBUTION(true),
  PUBLICATION(false),
  INVALIDATION(false),
  INVALIDATION_FLOOR(false),
  S3_ENDPOINT(true),
  ZONE_CERTIFICATE(true),
  HEARTBEAT_KEY(true),
  LAPSE(false),
  TEXT_RECORD(false),
  STREAMING_DISTRIBUTION(false),
  PUBLIC_KEY(false),
  KEY_GROUP(false),
  CHANNEL(false),
  ORIGIN_REQUEST_POLICY(false),
  RESPONSE_HEADERS_POLICY(false),
  CERTIFICATE(true),
  CONTINUOUS_DEPLOYMENT_POLICY(false),
  VPC_ORIGIN(false),
  TRUST_STORE(false),
  TENANT(false),
  CONNECTION_GROUP(false),
  FIELD_LEVEL_ENCRYPTION_PROFILE(false),
  FIELD_LEVEL_ENCRYPTION_CONFIG(false),
  LOG_DELIVERIES(false);

  private final boolean secret;

  Kind(boolean secret) {
    this.secret = secret;
  }

  /** Returns whether its values are sealed at rest and sent only to servers that need them. */
  public boolean secret() {
    return secret;
  }
}
