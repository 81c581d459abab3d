package warmfront.distribution;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a server must know, beyond the first release, to obey a resource that uses it. A log entry
 * lists them by name, and a server that lacks one refuses the entry. The names are on the wire and
 * in the store.
 */
public enum Feature {
  /** Objects have cache tags, and an invalidation may name one. */
  CACHE_TAGS,
  /** A distribution may redirect viewers to another location, or not have locations explored. */
  ROUTING_WISHES,
  /** Names of the zone may have texts. */
  TEXT_RECORDS,
  /** There are streaming distributions and live channels. */
  STREAMING,
  /** There are keys that verify signed URLs and stream names. */
  PUBLIC_KEYS,
  /**
   * What goes to origins may be more than what is in the cache key, and legacy settings may name
   * cookies by patterns.
   */
  ORIGIN_REQUEST_POLICIES,
  /** Headers may be put on responses and taken off. */
  RESPONSE_HEADERS_POLICIES,
  /** Edges may compress. */
  COMPRESSION,
  /** Requests of a behavior may have to be signed. */
  SIGNED_REQUESTS,
  /** Aliases may have certificates of their own. */
  CERTIFICATES,
  /** Viewers of some countries may be refused. */
  GEOGRAPHY,
  /** HTTP/3 may be offered to viewers. */
  HTTP3,
  /** Errors may have pages in their place. */
  ERROR_PAGES,
  /** An origin may stand in for another. */
  ORIGIN_GROUPS,
  /** Exchanges with origins may have a limit, and other addresses than IPv4. */
  ORIGIN_REACH,
  /** An origin may be asked through one location. */
  ORIGIN_SHIELD,
  /** Some viewers may get another configuration. */
  CONTINUOUS_DEPLOYMENT,
  /** A distribution may have query strings sorted, or the viewer's host told to origins. */
  ASKING_WISHES,
  /** Responses may say how they came about. */
  EXPLANATIONS,
  /** Requests to origins that are no buckets may be signed. */
  ORIGIN_SIGNING,
  /** An origin may be asked elsewhere than its name says. */
  VPC_ORIGINS,
  /** What is written to at an origin may be invalidated everywhere. */
  INVALIDATING_WRITES,
  /** Paths that end with a slash may stand for a document. */
  INDEX_DOCUMENTS,
  /** Viewers may have to show a certificate. */
  VIEWER_MTLS,
  /** Edges may show origins a certificate. */
  ORIGIN_MTLS,
  /** A cache may go by RFC 9111. */
  STANDARD_CACHE,
  /** There are multi-tenant distributions, their tenants, and connection groups. */
  TENANTS,
  /** HTTPS records may say of each distribution what its viewers may speak. */
  SERVICE_RECORDS,
  /** Fields of forms may be encrypted for the application alone. */
  FIELD_LEVEL_ENCRYPTION,
  /** Errors may have pages in their place at some behaviors alone. */
  ERROR_PAGES_OF_BEHAVIORS,
  /** gRPC may be passed on. */
  GRPC,
  /** Of two origins the one with the better media may be asked. */
  MEDIA_QUALITY,
  /** Fragments of Smooth Streaming may be cut out of stored files. */
  SMOOTH_STREAMING,
  /** A name may have addresses that are announced everywhere. */
  ANYCAST,
  /** Access logs may go to more buckets, in other forms. */
  LOG_DELIVERIES;

  private static final Set<String> NAMES =
      Arrays.stream(values()).map(Feature::name).collect(Collectors.toUnmodifiableSet());

  /**
   * Returns the names of them all: what every server of this version knows. A DNS server has
   * entries come to it whatever they are about; what edges obey is none of its business.
   */
  public static Set<String> names() {
    return NAMES;
  }
}
