package warmfront.distribution;

import java.util.Set;

/** Something with an id that the control plane publishes and edges or DNS servers obey. */
public sealed interface Resource
    permits Location,
        Server,
        CachePolicy,
        OriginAccessControl,
        Distribution,
        Publication,
        Invalidation,
        InvalidationFloor,
        S3Endpoint,
        ZoneCertificate,
        HeartbeatKey,
        Lapse,
        TextRecord,
        StreamingDistribution,
        PublicKey,
        KeyGroup,
        Channel,
        OriginRequestPolicy,
        ResponseHeadersPolicy,
        Certificate,
        ContinuousDeploymentPolicy,
        VpcOrigin,
        TrustStore,
        Tenant,
        ConnectionGroup,
        FieldLevelEncryptionProfile,
        FieldLevelEncryptionConfig,
        LogDeliveries {
  /** Returns the id, unique within its kind. */
  String id();

  /** Returns its kind. */
  default Kind kind() {
    return switch (this) {
      case Location _ -> Kind.LOCATION;
      case Server _ -> Kind.SERVER;
      case CachePolicy _ -> Kind.CACHE_POLICY;
      case OriginAccessControl _ -> Kind.ORIGIN_ACCESS_CONTROL;
      case Distribution _ -> Kind.DISTRIBUTION;
      case Publication _ -> Kind.PUBLICATION;
      case Invalidation _ -> Kind.INVALIDATION;
      case InvalidationFloor _ -> Kind.INVALIDATION_FLOOR;
      case S3Endpoint _ -> Kind.S3_ENDPOINT;
      case ZoneCertificate _ -> Kind.ZONE_CERTIFICATE;
      case HeartbeatKey _ -> Kind.HEARTBEAT_KEY;
      case Lapse _ -> Kind.LAPSE;
      case TextRecord _ -> Kind.TEXT_RECORD;
      case StreamingDistribution _ -> Kind.STREAMING_DISTRIBUTION;
      case PublicKey _ -> Kind.PUBLIC_KEY;
      case KeyGroup _ -> Kind.KEY_GROUP;
      case Channel _ -> Kind.CHANNEL;
      case OriginRequestPolicy _ -> Kind.ORIGIN_REQUEST_POLICY;
      case ResponseHeadersPolicy _ -> Kind.RESPONSE_HEADERS_POLICY;
      case Certificate _ -> Kind.CERTIFICATE;
      case ContinuousDeploymentPolicy _ -> Kind.CONTINUOUS_DEPLOYMENT_POLICY;
      case VpcOrigin _ -> Kind.VPC_ORIGIN;
      case TrustStore _ -> Kind.TRUST_STORE;
      case Tenant _ -> Kind.TENANT;
      case ConnectionGroup _ -> Kind.CONNECTION_GROUP;
      case FieldLevelEncryptionProfile _ -> Kind.FIELD_LEVEL_ENCRYPTION_PROFILE;
      case FieldLevelEncryptionConfig _ -> Kind.FIELD_LEVEL_ENCRYPTION_CONFIG;
      case LogDeliveries _ -> Kind.LOG_DELIVERIES;
    };
  }

  /** Returns what a server must know to obey it. */
  default Set<Feature> features() {
    return Set.of();
  }
}
