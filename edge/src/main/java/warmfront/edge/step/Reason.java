package warmfront.edge.step;

/** Why a response is not what the origin would have said; the name is also the metrics' label. */
public enum Reason {
  MALFORMED("Error", "http_request_error"),
  TARGET_TOO_LONG("InvalidRequest", "http_request_error"),
  HEADER_TOO_LARGE("InvalidRequestHeader", "http_request_error"),
  BODY_TOO_LARGE("InvalidRequest", "http_request_error"),
  REQUEST_TIMEOUT("ClientCommError", "http_request_error"),
  UNKNOWN_HOST("InvalidRequestBlocked", "destination_not_found"),
  DISABLED("InvalidRequestBlocked", "http_request_denied"),
  MISDIRECTED("InvalidRequestHeader", "http_request_error"),
  METHOD_NOT_ALLOWED("InvalidRequestMethod", "http_request_denied"),
  BODY_ON_GET("InvalidRequest", "http_request_denied"),
  GRPC_VERSION("InvalidRequest", "http_request_denied"),
  HTTPS_ONLY("InvalidRequestBlocked", "http_request_denied"),
  LOOP("InvalidRequest", "proxy_loop_detected"),
  GEO_BLOCKED("ClientGeoBlocked", "http_request_denied"),
  NOT_SIGNED("InvalidRequestBlocked", "http_request_denied"),
  FORM_REFUSED("InvalidRequest", "http_request_error"),
  OVERLOADED("CapacityExceeded", "proxy_internal_response"),
  ADDRESS_LIMIT("LimitExceeded", "http_request_denied"),
  ORIGIN_DNS("OriginDnsError", "dns_error"),
  ORIGIN_REFUSED("OriginConnectError", "connection_refused"),
  ORIGIN_UNREACHED("OriginConnectError", "destination_unavailable"),
  ORIGIN_NOT_ALLOWED("OriginConnectError", "destination_ip_prohibited"),
  ORIGIN_TLS("OriginConnectError", "tls_protocol_error"),
  ORIGIN_TIMEOUT("OriginCommError", "http_response_timeout"),
  ORIGIN_BROKE_OFF("OriginReadError", "http_response_incomplete"),
  ORIGIN_INVALID("OriginInvalidResponseError", "http_protocol_error"),
  ORIGIN_HEADER_TOO_LARGE("OriginHeaderTooBigError", "http_response_header_section_size"),
  INTERNAL("Error", "proxy_internal_error");

  private final String detailedResult;
  private final String proxyError;

  Reason(String detailedResult, String proxyError) {
    this.detailedResult = detailedResult;
    this.proxyError = proxyError;
  }

  /** Returns the value of Proxy-Status: its error types are those of RFC 9209, section 2.3. */
  public String proxyStatus() {
    return "Warmfront; error=" + proxyError;
  }

  /** Returns the value of x-edge-detailed-result-type. */
  public String detailedResult() {
    return detailedResult;
  }
}
