package warmfront.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Certificate;
import warmfront.distribution.Channel;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.distribution.Geography;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.KeyGroup;
import warmfront.distribution.Lapse;
import warmfront.distribution.Location;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.PriceClass;
import warmfront.distribution.PublicKey;
import warmfront.distribution.Publication;
import warmfront.distribution.Reach;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.Server;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Tenant;
import warmfront.distribution.TextRecord;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.VpcOrigin;
import warmfront.distribution.ZoneCertificate;
import warmfront.http.Method;
import warmfront.snapshot.wire.Distribution.ErrorTtl;
import warmfront.snapshot.wire.Folder;
import warmfront.snapshot.wire.PathPatterns;
import warmfront.snapshot.wire.Shown;

/**
 * Records to protobuf, one method per message; sets and maps in ascending order. Enumerated values
 * have the same name on both sides.
 */
final class ResourceWriter {
  private ResourceWriter() {}

  static ByteString write(Resource resource) {
    Message message =
        switch (resource) {
          case Location location -> location(location);
          case Server server -> server(server);
          case CachePolicy policy -> PolicyMessages.write(policy);
          case OriginAccessControl control -> accessControl(control);
          case Distribution distribution -> distribution(distribution);
          case Publication publication -> publication(publication);
          case Invalidation invalidation -> invalidation(invalidation);
          case InvalidationFloor floor -> floor(floor);
          case S3Endpoint endpoint -> endpoint(endpoint);
          case ZoneCertificate certificate -> certificate(certificate);
          case HeartbeatKey key -> heartbeatKey(key);
          case Lapse(String id) -> warmfront.snapshot.wire.Lapse.newBuilder().setId(id).build();
          case TextRecord(String id, List<String> values) ->
              warmfront.snapshot.wire.TextRecord.newBuilder()
                  .setId(id)
                  .addAllValues(values)
                  .build();
          case StreamingDistribution distribution -> streaming(distribution);
          case PublicKey(String id, String base64) ->
              warmfront.snapshot.wire.PublicKey.newBuilder()
                  .setId(id)
                  .setDer(ByteString.copyFrom(Base64.getDecoder().decode(base64)))
                  .build();
          case KeyGroup(String id, List<String> keyIds) ->
              warmfront.snapshot.wire.KeyGroup.newBuilder().setId(id).addAllKeyIds(keyIds).build();
          case Channel channel -> channel(channel);
          case OriginRequestPolicy policy -> PolicyMessages.write(policy);
          case ResponseHeadersPolicy policy -> PolicyMessages.write(policy);
          case Certificate certificate -> imported(certificate);
          case ContinuousDeploymentPolicy policy -> PolicyMessages.write(policy);
          case VpcOrigin origin -> vpcOrigin(origin);
          case TrustStore(String id, String authoritiesPem) ->
              warmfront.snapshot.wire.TrustStore.newBuilder()
                  .setId(id)
                  .setAuthoritiesPem(authoritiesPem)
                  .build();
          case Tenant tenant -> TenantMessages.write(tenant);
          case ConnectionGroup group -> TenantMessages.write(group);
          case FieldLevelEncryptionProfile profile -> EncryptionMessages.write(profile);
          case FieldLevelEncryptionConfig config -> EncryptionMessages.write(config);
          case LogDeliveries deliveries -> LogMessages.write(deliveries);
        };
    return message.toByteString();
  }

  private static Message location(Location from) {
    warmfront.snapshot.wire.Location.Builder to =
        warmfront.snapshot.wire.Location.newBuilder()
            .setId(from.id())
            .setCity(from.city())
            .setCountry(from.country())
            .setLatitude(from.latitude())
            .setLongitude(from.longitude())
            .setPriceClass(priceClass(from.priceClass()))
            .setCapacityGbps(from.capacityGbps());
    from.parent().ifPresent(to::setParent);
    return to.build();
  }

  private static Message server(Server from) {
    return warmfront.snapshot.wire.Server.newBuilder()
        .setId(from.id())
        .setRole(warmfront.snapshot.wire.Server.Role.valueOf(from.role().name()))
        .setLocation(from.location())
        .addAllListen(from.listen())
        .addAllAdvertise4(from.advertise4())
        .addAllAdvertise6(from.advertise6())
        .setWeight(from.weight())
        .setState(warmfront.snapshot.wire.Server.State.valueOf(from.state().name()))
        .build();
  }

  private static Message accessControl(OriginAccessControl from) {
    return warmfront.snapshot.wire.OriginAccessControl.newBuilder()
        .setId(from.id())
        .setName(from.name())
        .setSigning(
            warmfront.snapshot.wire.OriginAccessControl.Signing.valueOf(from.signing().name()))
        .setType(warmfront.snapshot.wire.OriginAccessControl.Type.valueOf(from.type().name()))
        .build();
  }

  private static Message distribution(Distribution from) {
    warmfront.snapshot.wire.Distribution.Builder to =
        warmfront.snapshot.wire.Distribution.newBuilder()
            .setId(from.id())
            .setDomainName(from.domainName())
            .setEnabled(from.enabled())
            .addAllAliases(from.aliases())
            .setDefaultRootObject(from.defaultRootObject())
            .setIpv6(from.ipv6())
            .setHttp2(from.http2())
            .setPriceClass(priceClass(from.priceClass()))
            .setStrict(from.wishes().strict())
            .setRedirects(from.wishes().redirects())
            .setUnexplored(!from.wishes().explores())
            .setSortedQuery(from.wishes().asking().sortsQuery())
            .setForwardedHost(from.wishes().asking().tellsHost())
            .setZstd(from.wishes().responses().zstd())
            .setExplained(from.wishes().responses().explained())
            .setInvalidatesWritten(from.wishes().invalidatesWritten())
            .setIndexDocument(from.wishes().indexDocument())
            .setStandardCache(from.wishes().standardCache())
            .setDefaultBehavior(behavior(from.defaultBehavior()));
    from.origins().forEach(origin -> to.addOrigins(origin(origin)));
    from.behaviors().forEach(behavior -> to.addBehaviors(behavior(behavior)));
    new TreeMap<>(from.errorTtl())
        .entrySet().stream().map(ResourceWriter::errorTtl).forEach(to::addErrorTtl);
    from.logging().ifPresent(logging -> to.setLogging(logging(logging)));
    from.cacheTagHeader().ifPresent(to::setCacheTagHeader);
    from.wishes()
        .responses()
        .pagesOf()
        .ifPresent(patterns ->
            to.setPagesOf(PathPatterns.newBuilder().addAllPatterns(new TreeSet<>(patterns))));
    write(from.entrance(), to);
    write(from.remedies(), to);
    return to.build();
  }

  private static void write(Entrance from, warmfront.snapshot.wire.Distribution.Builder to) {
    to.setHttp3(from.http3()).setStaging(from.trial().staging());
    from.trial().policyId().ifPresent(to::setContinuousDeploymentPolicyId);
    from.anycast().ifPresent(anycast -> to.setAnycast(TenantMessages.write(anycast)));
    from.certificate()
        .ifPresent(shown ->
            to.setCertificate(
                Shown.newBuilder()
                    .setId(shown.id())
                    .setPolicy(Shown.Policy.valueOf(shown.policy().name()))));
    if (!from.geography().equals(Geography.ANYWHERE)) {
      to.setGeography(TenantMessages.write(from.geography()));
    }
    from.mtls().ifPresent(mtls -> to.setViewerMtls(mtls(mtls)));
    from.tenancy().ifPresent(tenancy -> to.setTenancy(TenantMessages.write(tenancy)));
  }

  private static warmfront.snapshot.wire.ViewerMtls mtls(ViewerMtls from) {
    warmfront.snapshot.wire.ViewerMtls.Builder to =
        warmfront.snapshot.wire.ViewerMtls.newBuilder()
            .setMode(warmfront.snapshot.wire.ViewerMtls.Mode.valueOf(from.mode().name()))
            .setNamesAuthorities(from.namesAuthorities())
            .setIgnoresExpiry(from.ignoresExpiry());
    from.trustStore().ifPresent(to::setTrustStore);
    return to.build();
  }

  private static void write(Remedies from, warmfront.snapshot.wire.Distribution.Builder to) {
    new TreeMap<>(from.pages())
        .forEach((error, page) ->
            to.addErrorPagesBuilder()
                .setError(error)
                .setPath(page.path())
                .setStatus(page.status()));
    for (Remedies.OriginGroup group : from.groups()) {
      to.addOriginGroupsBuilder()
          .setId(group.id())
          .setPrimary(group.primary())
          .setSecondary(group.secondary())
          .addAllStatuses(new TreeSet<>(group.statuses()))
          .setByQuality(group.byQuality());
    }
  }

  private static ErrorTtl errorTtl(Map.Entry<Integer, java.time.Duration> from) {
    return ErrorTtl.newBuilder()
        .setStatus(from.getKey())
        .setTtlMillis(from.getValue().toMillis())
        .build();
  }

  private static warmfront.snapshot.wire.Distribution.Logging logging(Distribution.Logging from) {
    return warmfront.snapshot.wire.Distribution.Logging.newBuilder()
        .setBucket(from.bucket())
        .setPrefix(from.prefix())
        .setCookies(from.cookies())
        .build();
  }

  private static warmfront.snapshot.wire.Origin origin(Origin from) {
    warmfront.snapshot.wire.Origin.Builder to =
        warmfront.snapshot.wire.Origin.newBuilder()
            .setId(from.id())
            .setDomainName(from.domainName())
            .setPath(from.path())
            .setAttempts(from.attempts())
            .setConnectTimeoutMillis(from.connectTimeout().toMillis());
    from.headers().forEach((name, value) -> to.addHeadersBuilder().setName(name).setValue(value));
    switch (from.type()) {
      case Origin.S3 s3 -> to.setS3(s3(s3));
      case Origin.Custom custom -> to.setCustom(custom(custom));
    }
    if (!from.reach().equals(Reach.PLAIN)) {
      to.setReach(reach(from.reach()));
    }
    return to.build();
  }

  private static warmfront.snapshot.wire.Reach reach(Reach from) {
    warmfront.snapshot.wire.Reach.Builder to =
        warmfront.snapshot.wire.Reach.newBuilder()
            .setFamily(warmfront.snapshot.wire.Reach.Family.valueOf(from.family().name()));
    from.completion().ifPresent(longest -> to.setCompletionMillis(longest.toMillis()));
    from.shield().ifPresent(to::setShield);
    from.accessControl().ifPresent(to::setAccessControl);
    from.vpcOrigin().ifPresent(to::setVpcOrigin);
    from.clientCertificate().ifPresent(to::setClientCertificate);
    return to.build();
  }

  private static warmfront.snapshot.wire.Origin.S3 s3(Origin.S3 from) {
    warmfront.snapshot.wire.Origin.S3.Builder to =
        warmfront.snapshot.wire.Origin.S3
            .newBuilder()
            .setReadTimeoutMillis(from.readTimeout().toMillis());
    from.accessControl().ifPresent(to::setAccessControl);
    return to.build();
  }

  private static warmfront.snapshot.wire.Origin.Custom custom(Origin.Custom from) {
    return warmfront.snapshot.wire.Origin.Custom.newBuilder()
        .setHttpPort(from.httpPort())
        .setHttpsPort(from.httpsPort())
        .setProtocol(warmfront.snapshot.wire.Origin.Custom.Protocol.valueOf(from.protocol().name()))
        .addAllSslProtocols(from.sslProtocols())
        .setReadTimeoutMillis(from.readTimeout().toMillis())
        .setKeepAliveMillis(from.keepAlive().toMillis())
        .build();
  }

  private static warmfront.snapshot.wire.Behavior behavior(Behavior from) {
    warmfront.snapshot.wire.Behavior.Builder to =
        warmfront.snapshot.wire.Behavior.newBuilder()
            .setPathPattern(from.pathPattern())
            .setOriginId(from.originId())
            .setViewerProtocol(
                warmfront.snapshot.wire.Behavior.ViewerProtocol.valueOf(
                    from.viewerProtocol().name()));
    from.allowed().stream().map(Method::name).sorted().forEach(to::addAllowed);
    from.cached().stream().map(Method::name).sorted().forEach(to::addCached);
    from.cachePolicyId().ifPresent(to::setCachePolicyId);
    from.legacy().ifPresent(legacy -> to.setLegacy(PolicyMessages.write(legacy)));
    Behavior.Options options = from.options();
    options.originRequestPolicyId().ifPresent(to::setOriginRequestPolicyId);
    options.responseHeadersPolicyId().ifPresent(to::setResponseHeadersPolicyId);
    options.encryptionId().ifPresent(to::setEncryptionId);
    return to.setCompress(options.compress())
        .setSignedByAnyKey(options.signers().anyKey())
        .addAllKeyGroups(options.signers().keyGroups())
        .setWholeQuery(options.wholeQuery())
        .setGrpc(options.grpc())
        .setSmooth(options.smooth())
        .build();
  }

  private static Message invalidation(Invalidation from) {
    return warmfront.snapshot.wire.Invalidation.newBuilder()
        .setId(from.id())
        .setDistributionId(from.distributionId())
        .addAllItems(from.items())
        .build();
  }

  private static Message floor(InvalidationFloor from) {
    return warmfront.snapshot.wire.InvalidationFloor.newBuilder()
        .setId(from.id())
        .setRevision(from.revision())
        .build();
  }

  private static Message publication(Publication from) {
    Publication.Terms terms = from.terms();
    return warmfront.snapshot.wire.Publication.newBuilder()
        .setId(from.id())
        .setDomainName(from.domainName())
        .setEnabled(from.enabled())
        .addAllAliases(from.aliases())
        .setIpv6(terms.ipv6())
        .setPriceClass(priceClass(terms.priceClass()))
        .setUnexplored(!terms.explores())
        .setGuest(from.guest())
        .setHttp3(terms.spoken().http3())
        .setWithoutHttp2(!terms.spoken().http2())
        .addAllAnycast(terms.anycast())
        .build();
  }

  private static Message endpoint(S3Endpoint from) {
    return warmfront.snapshot.wire.S3Endpoint.newBuilder()
        .setId(from.id())
        .setEndpoint(from.endpoint().toString())
        .setRegion(from.region())
        .setAccessKeyId(from.accessKeyId())
        .setSecretAccessKey(from.secretAccessKey())
        .build();
  }

  private static Message certificate(ZoneCertificate from) {
    return warmfront.snapshot.wire.ZoneCertificate.newBuilder()
        .setId(from.id())
        .setChainPem(from.chainPem())
        .setKeyPem(from.keyPem())
        .build();
  }

  private static Message heartbeatKey(HeartbeatKey from) {
    return warmfront.snapshot.wire.HeartbeatKey.newBuilder()
        .setId(from.id())
        .setKey(ByteString.copyFrom(Base64.getDecoder().decode(from.base64())))
        .build();
  }

  private static Message streaming(StreamingDistribution from) {
    warmfront.snapshot.wire.StreamingDistribution.Builder to =
        warmfront.snapshot.wire.StreamingDistribution.newBuilder()
            .setId(from.id())
            .setDomainName(from.domainName())
            .setEnabled(from.enabled())
            .addAllAliases(from.aliases())
            .setBucket(from.bucket())
            .setSigned(from.signed())
            .setPriceClass(priceClass(from.priceClass()));
    from.accessControl().ifPresent(to::setAccessControl);
    from.logging().ifPresent(logging -> to.setLogging(folder(logging.bucket(), logging.prefix())));
    return to.build();
  }

  private static Message channel(Channel from) {
    warmfront.snapshot.wire.Channel.Builder to =
        warmfront.snapshot.wire.Channel.newBuilder()
            .setId(from.id())
            .setKeyHash(ByteString.copyFrom(HexFormat.of().parseHex(from.keyHash())))
            .setLocation(from.location())
            .setEnabled(from.enabled())
            .setPartMillis(from.part().toMillis())
            .setSegmentMillis(from.segment().toMillis());
    from.recording().ifPresent(kept -> to.setRecording(folder(kept.bucket(), kept.prefix())));
    return to.build();
  }

  private static Message imported(Certificate from) {
    return warmfront.snapshot.wire.Certificate.newBuilder()
        .setId(from.id())
        .setChainPem(from.chainPem())
        .setKeyPem(from.keyPem())
        .build();
  }

  private static Message vpcOrigin(VpcOrigin from) {
    return warmfront.snapshot.wire.VpcOrigin.newBuilder()
        .setId(from.id())
        .setHost(from.host())
        .setHttpPort(from.httpPort())
        .setHttpsPort(from.httpsPort())
        .setProtocol(warmfront.snapshot.wire.Origin.Custom.Protocol.valueOf(from.protocol().name()))
        .addAllSslProtocols(from.sslProtocols())
        .build();
  }

  private static Folder folder(String bucket, String prefix) {
    return Folder.newBuilder().setBucket(bucket).setPrefix(prefix).build();
  }

  private static warmfront.snapshot.wire.PriceClass.Name priceClass(PriceClass from) {
    return warmfront.snapshot.wire.PriceClass.Name.valueOf(from.name());
  }
}
