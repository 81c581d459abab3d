package warmfront.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import warmfront.distribution.Behavior;
import warmfront.distribution.Certificate;
import warmfront.distribution.Channel;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;
import warmfront.distribution.Location;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.PriceClass;
import warmfront.distribution.PublicKey;
import warmfront.distribution.Publication;
import warmfront.distribution.Reach;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.Server;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.TextRecord;
import warmfront.distribution.TlsPolicy;
import warmfront.distribution.Trial;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.VpcOrigin;
import warmfront.distribution.Wishes;
import warmfront.distribution.ZoneCertificate;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.snapshot.wire.Folder;

/** Protobuf to records, one method per message. */
final class ResourceReader {
  private ResourceReader() {}

  /**
   * Returns the value of these bytes.
   *
   * @throws InvalidProtocolBufferException if they are no message
   * @throws IllegalArgumentException if the record refuses what they say
   * @throws UnknownPart if they say something this version does not know
   */
  static Resource read(Kind kind, ByteString bytes) throws InvalidProtocolBufferException {
    return switch (kind) {
      case LOCATION -> location(known(warmfront.snapshot.wire.Location.parseFrom(bytes)));
      case SERVER -> server(known(warmfront.snapshot.wire.Server.parseFrom(bytes)));
      case CACHE_POLICY ->
          PolicyMessages.read(known(warmfront.snapshot.wire.CachePolicy.parseFrom(bytes)));
      case ORIGIN_ACCESS_CONTROL ->
          accessControl(known(warmfront.snapshot.wire.OriginAccessControl.parseFrom(bytes)));
      case DISTRIBUTION ->
          distribution(known(warmfront.snapshot.wire.Distribution.parseFrom(bytes)));
      case PUBLICATION -> publication(known(warmfront.snapshot.wire.Publication.parseFrom(bytes)));
      case INVALIDATION ->
          invalidation(known(warmfront.snapshot.wire.Invalidation.parseFrom(bytes)));
      case INVALIDATION_FLOOR ->
          floor(known(warmfront.snapshot.wire.InvalidationFloor.parseFrom(bytes)));
      case S3_ENDPOINT -> endpoint(known(warmfront.snapshot.wire.S3Endpoint.parseFrom(bytes)));
      case ZONE_CERTIFICATE ->
          certificate(known(warmfront.snapshot.wire.ZoneCertificate.parseFrom(bytes)));
      case HEARTBEAT_KEY ->
          heartbeatKey(known(warmfront.snapshot.wire.HeartbeatKey.parseFrom(bytes)));
      case LAPSE -> new Lapse(known(warmfront.snapshot.wire.Lapse.parseFrom(bytes)).getId());
      case TEXT_RECORD -> text(known(warmfront.snapshot.wire.TextRecord.parseFrom(bytes)));
      case STREAMING_DISTRIBUTION ->
          streaming(known(warmfront.snapshot.wire.StreamingDistribution.parseFrom(bytes)));
      case PUBLIC_KEY -> publicKey(known(warmfront.snapshot.wire.PublicKey.parseFrom(bytes)));
      case KEY_GROUP -> keyGroup(known(warmfront.snapshot.wire.KeyGroup.parseFrom(bytes)));
      case CHANNEL -> channel(known(warmfront.snapshot.wire.Channel.parseFrom(bytes)));
      case ORIGIN_REQUEST_POLICY ->
          PolicyMessages.read(known(warmfront.snapshot.wire.OriginRequestPolicy.parseFrom(bytes)));
      case RESPONSE_HEADERS_POLICY ->
          PolicyMessages.read(
              known(warmfront.snapshot.wire.ResponseHeadersPolicy.parseFrom(bytes)));
      case CONTINUOUS_DEPLOYMENT_POLICY ->
          PolicyMessages.read(
              known(warmfront.snapshot.wire.ContinuousDeploymentPolicy.parseFrom(bytes)));
      case CERTIFICATE -> imported(known(warmfront.snapshot.wire.Certificate.parseFrom(bytes)));
      case VPC_ORIGIN -> vpcOrigin(known(warmfront.snapshot.wire.VpcOrigin.parseFrom(bytes)));
      case TRUST_STORE -> trustStore(known(warmfront.snapshot.wire.TrustStore.parseFrom(bytes)));
      case TENANT -> TenantMessages.read(known(warmfront.snapshot.wire.Tenant.parseFrom(bytes)));
      case CONNECTION_GROUP ->
          TenantMessages.read(known(warmfront.snapshot.wire.ConnectionGroup.parseFrom(bytes)));
      case FIELD_LEVEL_ENCRYPTION_PROFILE ->
          EncryptionMessages.read(
              known(warmfront.snapshot.wire.FieldLevelEncryptionProfile.parseFrom(bytes)));
      case FIELD_LEVEL_ENCRYPTION_CONFIG ->
          EncryptionMessages.read(
              known(warmfront.snapshot.wire.FieldLevelEncryptionConfig.parseFrom(bytes)));
      case LOG_DELIVERIES ->
          LogMessages.read(known(warmfront.snapshot.wire.LogDeliveries.parseFrom(bytes)));
    };
  }

  /** Refuses fields and enumerated values that this version does not know, at any depth. */
  private static <M extends Message> M known(M message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new UnknownPart(
          "fields %s of %s"
              .formatted(
                  message.getUnknownFields().asMap().keySet(),
                  message.getDescriptorForType().getName()));
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      List<?> values = field.getValue() instanceof List<?> many ? many : List.of(field.getValue());
      values.forEach(value -> knownValue(field.getKey(), value));
    }
    return message;
  }

  private static void knownValue(FieldDescriptor field, Object value) {
    if (value instanceof Message inner) {
      known(inner);
    } else if (value instanceof EnumValueDescriptor name && name.getIndex() < 0) {
      throw new UnknownPart("value %d of %s".formatted(name.getNumber(), field.getFullName()));
    }
  }

  private static TextRecord text(warmfront.snapshot.wire.TextRecord from) {
    return new TextRecord(from.getId(), List.copyOf(from.getValuesList()));
  }

  private static Location location(warmfront.snapshot.wire.Location from) {
    return new Location(
        from.getId(),
        from.getCity(),
        from.getCountry(),
        from.getLatitude(),
        from.getLongitude(),
        named(PriceClass.class, from.getPriceClass()),
        from.getCapacityGbps(),
        from.hasParent() ? Optional.of(from.getParent()) : Optional.empty());
  }

  private static Server server(warmfront.snapshot.wire.Server from) {
    return new Server(
        from.getId(),
        named(Server.Role.class, from.getRole()),
        from.getLocation(),
        from.getListenList(),
        from.getAdvertise4List(),
        from.getAdvertise6List(),
        from.getWeight(),
        named(Server.State.class, from.getState()));
  }

  private static OriginAccessControl accessControl(
      warmfront.snapshot.wire.OriginAccessControl from) {
    return new OriginAccessControl(
        from.getId(),
        from.getName(),
        named(OriginAccessControl.Type.class, from.getType()),
        named(OriginAccessControl.Signing.class, from.getSigning()));
  }

  private static Distribution distribution(warmfront.snapshot.wire.Distribution from) {
    Map<Integer, Duration> errorTtl = new HashMap<>();
    from.getErrorTtlList()
        .forEach(one -> errorTtl.put(one.getStatus(), Duration.ofMillis(one.getTtlMillis())));
    return new Distribution(
        from.getId(),
        from.getDomainName(),
        from.getEnabled(),
        from.getAliasesList(),
        from.getDefaultRootObject(),
        from.getIpv6(),
        from.getHttp2(),
        named(PriceClass.class, from.getPriceClass()),
        from.getOriginsList().stream().map(ResourceReader::origin).toList(),
        from.getBehaviorsList().stream().map(ResourceReader::behavior).toList(),
        behavior(from.getDefaultBehavior()),
        errorTtl,
        from.hasLogging() ? Optional.of(logging(from.getLogging())) : Optional.empty(),
        from.hasCacheTagHeader() ? Optional.of(from.getCacheTagHeader()) : Optional.empty(),
        wishes(from),
        entrance(from),
        remedies(from));
  }

  private static Wishes wishes(warmfront.snapshot.wire.Distribution from) {
    return new Wishes(
        from.getStrict(),
        from.getRedirects(),
        !from.getUnexplored(),
        new Wishes.Asking(from.getSortedQuery(), from.getForwardedHost()),
        new Wishes.Responses(
            from.getZstd(),
            from.getExplained(),
            from.hasPagesOf()
                ? Optional.of(new HashSet<>(from.getPagesOf().getPatternsList()))
                : Optional.empty()),
        from.getInvalidatesWritten(),
        from.getIndexDocument(),
        from.getStandardCache());
  }

  private static Entrance entrance(warmfront.snapshot.wire.Distribution from) {
    return new Entrance(
        from.getHttp3(),
        from.hasCertificate() ? Optional.of(shown(from.getCertificate())) : Optional.empty(),
        from.hasGeography() ? TenantMessages.read(from.getGeography()) : Geography.ANYWHERE,
        new Trial(
            from.getStaging(),
            from.hasContinuousDeploymentPolicyId()
                ? Optional.of(from.getContinuousDeploymentPolicyId())
                : Optional.empty()),
        from.hasViewerMtls() ? Optional.of(mtls(from.getViewerMtls())) : Optional.empty(),
        from.hasTenancy() ? Optional.of(TenantMessages.read(from.getTenancy())) : Optional.empty(),
        from.hasAnycast() ? Optional.of(TenantMessages.read(from.getAnycast())) : Optional.empty());
  }

  private static ViewerMtls mtls(warmfront.snapshot.wire.ViewerMtls from) {
    return new ViewerMtls(
        named(ViewerMtls.Mode.class, from.getMode()),
        from.hasTrustStore() ? Optional.of(from.getTrustStore()) : Optional.empty(),
        from.getNamesAuthorities(),
        from.getIgnoresExpiry());
  }

  private static Entrance.Shown shown(warmfront.snapshot.wire.Shown from) {
    return new Entrance.Shown(from.getId(), named(TlsPolicy.class, from.getPolicy()));
  }

  private static Remedies remedies(warmfront.snapshot.wire.Distribution from) {
    Map<Integer, Remedies.Page> pages = new HashMap<>();
    from.getErrorPagesList()
        .forEach(page ->
            pages.put(page.getError(), new Remedies.Page(page.getPath(), page.getStatus())));
    return new Remedies(
        pages, from.getOriginGroupsList().stream().map(ResourceReader::group).toList());
  }

  private static Remedies.OriginGroup group(warmfront.snapshot.wire.OriginGroup from) {
    return new Remedies.OriginGroup(
        from.getId(),
        from.getPrimary(),
        from.getSecondary(),
        new HashSet<>(from.getStatusesList()),
        from.getByQuality());
  }

  private static Distribution.Logging logging(warmfront.snapshot.wire.Distribution.Logging from) {
    return new Distribution.Logging(from.getBucket(), from.getPrefix(), from.getCookies());
  }

  private static Origin origin(warmfront.snapshot.wire.Origin from) {
    Fields.Builder headers = Fields.builder();
    from.getHeadersList().forEach(header -> headers.add(header.getName(), header.getValue()));
    Origin.Type type =
        switch (from.getTypeCase()) {
          case S3 -> s3(from.getS3());
          case CUSTOM -> custom(from.getCustom());
          case TYPE_NOT_SET -> throw new IllegalArgumentException("an origin without a type");
        };
    return new Origin(
        from.getId(),
        from.getDomainName(),
        from.getPath(),
        headers.build(),
        type,
        from.getAttempts(),
        Duration.ofMillis(from.getConnectTimeoutMillis()),
        from.hasReach() ? reach(from.getReach()) : Reach.PLAIN);
  }

  private static Reach reach(warmfront.snapshot.wire.Reach from) {
    return new Reach(
        from.hasCompletionMillis()
            ? Optional.of(Duration.ofMillis(from.getCompletionMillis()))
            : Optional.empty(),
        named(Reach.Family.class, from.getFamily()),
        from.hasShield() ? Optional.of(from.getShield()) : Optional.empty(),
        from.hasAccessControl() ? Optional.of(from.getAccessControl()) : Optional.empty(),
        from.hasVpcOrigin() ? Optional.of(from.getVpcOrigin()) : Optional.empty(),
        from.hasClientCertificate() ? Optional.of(from.getClientCertificate()) : Optional.empty());
  }

  private static Origin.S3 s3(warmfront.snapshot.wire.Origin.S3 from) {
    return new Origin.S3(
        from.hasAccessControl() ? Optional.of(from.getAccessControl()) : Optional.empty(),
        Duration.ofMillis(from.getReadTimeoutMillis()));
  }

  private static Origin.Custom custom(warmfront.snapshot.wire.Origin.Custom from) {
    return new Origin.Custom(
        from.getHttpPort(),
        from.getHttpsPort(),
        named(Origin.Protocol.class, from.getProtocol()),
        from.getSslProtocolsList(),
        Duration.ofMillis(from.getReadTimeoutMillis()),
        Duration.ofMillis(from.getKeepAliveMillis()));
  }

  private static Behavior behavior(warmfront.snapshot.wire.Behavior from) {
    return new Behavior(
        from.getPathPattern(),
        from.getOriginId(),
        named(Behavior.ViewerProtocol.class, from.getViewerProtocol()),
        methods(from.getAllowedList()),
        methods(from.getCachedList()),
        from.hasCachePolicyId() ? Optional.of(from.getCachePolicyId()) : Optional.empty(),
        from.hasLegacy() ? Optional.of(PolicyMessages.read(from.getLegacy())) : Optional.empty(),
        options(from));
  }

  private static Behavior.Options options(warmfront.snapshot.wire.Behavior from) {
    return new Behavior.Options(
        from.hasOriginRequestPolicyId()
            ? Optional.of(from.getOriginRequestPolicyId())
            : Optional.empty(),
        from.hasResponseHeadersPolicyId()
            ? Optional.of(from.getResponseHeadersPolicyId())
            : Optional.empty(),
        from.hasEncryptionId() ? Optional.of(from.getEncryptionId()) : Optional.empty(),
        new Behavior.Signers(from.getSignedByAnyKey(), from.getKeyGroupsList()),
        traits(from));
  }

  private static Set<Behavior.Trait> traits(warmfront.snapshot.wire.Behavior from) {
    Map<Behavior.Trait, Boolean> said =
        Map.of(
            Behavior.Trait.COMPRESS, from.getCompress(),
            Behavior.Trait.WHOLE_QUERY, from.getWholeQuery(),
            Behavior.Trait.GRPC, from.getGrpc(),
            Behavior.Trait.SMOOTH, from.getSmooth());
    return said.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<Method> methods(List<String> names) {
    return names.stream().map(Method::of).collect(Collectors.toUnmodifiableSet());
  }

  private static Invalidation invalidation(warmfront.snapshot.wire.Invalidation from) {
    return new Invalidation(from.getId(), from.getDistributionId(), from.getItemsList());
  }

  private static InvalidationFloor floor(warmfront.snapshot.wire.InvalidationFloor from) {
    return new InvalidationFloor(from.getId(), from.getRevision());
  }

  private static Publication publication(warmfront.snapshot.wire.Publication from) {
    return new Publication(
        from.getId(),
        from.getDomainName(),
        from.getEnabled(),
        from.getAliasesList(),
        from.getGuest(),
        new Publication.Terms(
            from.getIpv6(),
            named(PriceClass.class, from.getPriceClass()),
            !from.getUnexplored(),
            new Publication.Spoken(!from.getWithoutHttp2(), from.getHttp3()),
            from.getAnycastList()));
  }

  private static S3Endpoint endpoint(warmfront.snapshot.wire.S3Endpoint from) {
    return new S3Endpoint(
        from.getId(),
        URI.create(from.getEndpoint()),
        from.getRegion(),
        from.getAccessKeyId(),
        from.getSecretAccessKey());
  }

  private static ZoneCertificate certificate(warmfront.snapshot.wire.ZoneCertificate from) {
    return new ZoneCertificate(from.getId(), from.getChainPem(), from.getKeyPem());
  }

  private static HeartbeatKey heartbeatKey(warmfront.snapshot.wire.HeartbeatKey from) {
    return new HeartbeatKey(
        from.getId(), Base64.getEncoder().encodeToString(from.getKey().toByteArray()));
  }

  private static StreamingDistribution streaming(
      warmfront.snapshot.wire.StreamingDistribution from) {
    Folder logs = from.getLogging();
    return new StreamingDistribution(
        from.getId(),
        from.getDomainName(),
        from.getEnabled(),
        from.getAliasesList(),
        from.getBucket(),
        from.hasAccessControl() ? Optional.of(from.getAccessControl()) : Optional.empty(),
        from.getSigned(),
        named(PriceClass.class, from.getPriceClass()),
        from.hasLogging()
            ? Optional.of(new StreamingDistribution.Logging(logs.getBucket(), logs.getPrefix()))
            : Optional.empty());
  }

  private static PublicKey publicKey(warmfront.snapshot.wire.PublicKey from) {
    return new PublicKey(
        from.getId(), Base64.getEncoder().encodeToString(from.getDer().toByteArray()));
  }

  private static KeyGroup keyGroup(warmfront.snapshot.wire.KeyGroup from) {
    return new KeyGroup(from.getId(), List.copyOf(from.getKeyIdsList()));
  }

  private static Channel channel(warmfront.snapshot.wire.Channel from) {
    Folder kept = from.getRecording();
    return new Channel(
        from.getId(),
        HexFormat.of().formatHex(from.getKeyHash().toByteArray()),
        from.getLocation(),
        from.getEnabled(),
        from.hasRecording()
            ? Optional.of(new Channel.Recording(kept.getBucket(), kept.getPrefix()))
            : Optional.empty(),
        Duration.ofMillis(from.getPartMillis()),
        Duration.ofMillis(from.getSegmentMillis()));
  }

  private static Certificate imported(warmfront.snapshot.wire.Certificate from) {
    return new Certificate(from.getId(), from.getChainPem(), from.getKeyPem());
  }

  private static VpcOrigin vpcOrigin(warmfront.snapshot.wire.VpcOrigin from) {
    return new VpcOrigin(
        from.getId(),
        from.getHost(),
        from.getHttpPort(),
        from.getHttpsPort(),
        named(Origin.Protocol.class, from.getProtocol()),
        from.getSslProtocolsList());
  }

  private static TrustStore trustStore(warmfront.snapshot.wire.TrustStore from) {
    return new TrustStore(from.getId(), from.getAuthoritiesPem());
  }

  /** Returns the value of the same name; UNSPECIFIED, which nobody writes, has none. */
  static <E extends Enum<E>> E named(Class<E> type, ProtocolMessageEnum wire) {
    return Enum.valueOf(type, wire.getValueDescriptor().getName());
  }
}
