package warmfront.edge.step;

/** Why a response is not what the origin would have said; the name is also the metrics' label. */
public enum Reason {
  MALFORMED("Error"),
  TARGET_TOO_LONG("InvalidRequest"),
  HEADER_TOO_LARGE("InvalidRequestHeader"),
  BODY_TOO_LARGE("InvalidRequest"),
  REQUEST_TIMEOUT("ClientCommError"),
  UNKNOWN_HOST("InvalidRequestBlocked"),
  DISABLED("InvalidRequestBlocked"),
  MISDIRECTED("InvalidRequestHeader"),
  METHOD_NOT_ALLOWED("InvalidRequestMethod"),
  BODY_ON_GET("InvalidRequest"),
  HTTPS_ONLY("InvalidRequestBlocked"),
  LOOP("InvalidRequest"),
  GEO_BLOCKED("ClientGeoBlocked"),
  NOT_SIGNED("InvalidRequestBlocked"),
  OVERLOADED("CapacityExceeded"),
  ADDRESS_LIMIT("LimitExceeded"),
  ORIGIN_DNS("OriginDnsError"),
  ORIGIN_REFUSED("OriginConnectError"),
  ORIGIN_UNREACHED("OriginConnectError"),
  ORIGIN_NOT_ALLOWED("OriginConnectError"),
  ORIGIN_TLS("OriginConnectError"),
  ORIGIN_TIMEOUT("OriginCommError"),
  ORIGIN_BROKE_OFF("OriginReadError"),
  ORIGIN_INVALID("OriginInvalidResponseError"),
  ORIGIN_HEADER_TOO_LARGE("OriginHeaderTooBigError"),
  INTERNAL("Error");

  private final String detailedResult;

  Reason(String detailedResult) {
    this.detailedResult = detailedResult;
  }

  /** Returns the value of x-edge-detailed-result-type. */
  public String detailedResult() {
    return detailedResult;
  }
}
