package warmfront.snapshot;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.ResponseHeadersPolicy;

/** Policies that distributions refer to, as records and as protobuf. */
final class PolicyMessages {
  private PolicyMessages() {}

  static warmfront.snapshot.wire.CachePolicy write(CachePolicy from) {
    return warmfront.snapshot.wire.CachePolicy.newBuilder()
        .setId(from.id())
        .setName(from.name())
        .setMinTtlMillis(from.minTtl().toMillis())
        .setDefaultTtlMillis(from.defaultTtl().toMillis())
        .setMaxTtlMillis(from.maxTtl().toMillis())
        .setGzip(from.gzip())
        .setBrotli(from.brotli())
        .setHeaders(write(from.headers()))
        .setCookies(write(from.cookies()))
        .setQueryStrings(write(from.queryStrings()))
        .build();
  }

  static Message write(OriginRequestPolicy from) {
    return warmfront.snapshot.wire.OriginRequestPolicy.newBuilder()
        .setId(from.id())
        .setName(from.name())
        .setHeaders(
            warmfront.snapshot.wire.OriginRequestPolicy.HeaderMode.valueOf(from.headers().name()))
        .addAllHeaderNames(from.headerNames())
        .setCookies(write(from.cookies()))
        .setQueryStrings(write(from.queryStrings()))
        .build();
  }

  static Message write(ResponseHeadersPolicy from) {
    warmfront.snapshot.wire.ResponseHeadersPolicy.Builder to =
        warmfront.snapshot.wire.ResponseHeadersPolicy.newBuilder()
            .setId(from.id())
            .setName(from.name())
            .addAllRemoved(from.removed());
    from.cors().ifPresent(cors -> to.setCors(write(cors)));
    for (ResponseHeadersPolicy.Header header : from.headers()) {
      to.addHeadersBuilder()
          .setName(header.name())
          .setValue(header.value())
          .setOverride(header.override());
    }
    from.serverTiming().ifPresent(to::setServerTiming);
    return to.build();
  }

  private static warmfront.snapshot.wire.ResponseHeadersPolicy.Cors write(
      ResponseHeadersPolicy.Cors from) {
    warmfront.snapshot.wire.ResponseHeadersPolicy.Cors.Builder to =
        warmfront.snapshot.wire.ResponseHeadersPolicy.Cors.newBuilder()
            .setCredentials(from.credentials())
            .addAllAllowHeaders(from.allowHeaders())
            .addAllAllowMethods(from.allowMethods())
            .addAllAllowOrigins(from.allowOrigins())
            .addAllExposeHeaders(from.exposeHeaders())
            .setOverride(from.override());
    from.maxAgeSeconds().ifPresent(to::setMaxAgeSeconds);
    return to.build();
  }

  static Message write(ContinuousDeploymentPolicy from) {
    warmfront.snapshot.wire.ContinuousDeploymentPolicy.Builder to =
        warmfront.snapshot.wire.ContinuousDeploymentPolicy.newBuilder()
            .setId(from.id())
            .setEnabled(from.enabled())
            .setStagingName(from.stagingName());
    switch (from.split()) {
      case ContinuousDeploymentPolicy.Split.Nobody() -> {}
      case ContinuousDeploymentPolicy.Split.ByHeader(String name, String value) ->
          to.getByHeaderBuilder().setName(name).setValue(value);
      case ContinuousDeploymentPolicy.Split.ByWeight weight -> {
        to.getByWeightBuilder().setPerMillion(weight.perMillion());
        weight
            .stickiness()
            .ifPresent(stays ->
                to.getByWeightBuilder()
                    .setIdleMillis(stays.idle().toMillis())
                    .setLongestMillis(stays.longest().toMillis()));
      }
    }
    return to.build();
  }

  private static warmfront.snapshot.wire.NameSet write(NameSet from) {
    return warmfront.snapshot.wire.NameSet.newBuilder()
        .setMode(warmfront.snapshot.wire.NameSet.Mode.valueOf(from.mode().name()))
        .addAllNames(from.names())
        .build();
  }

  static CachePolicy read(warmfront.snapshot.wire.CachePolicy from) {
    return new CachePolicy(
        from.getId(),
        from.getName(),
        Duration.ofMillis(from.getMinTtlMillis()),
        Duration.ofMillis(from.getDefaultTtlMillis()),
        Duration.ofMillis(from.getMaxTtlMillis()),
        from.getGzip(),
        from.getBrotli(),
        read(from.getHeaders()),
        read(from.getCookies()),
        read(from.getQueryStrings()));
  }

  static OriginRequestPolicy read(warmfront.snapshot.wire.OriginRequestPolicy from) {
    return new OriginRequestPolicy(
        from.getId(),
        from.getName(),
        ResourceReader.named(OriginRequestPolicy.HeaderMode.class, from.getHeaders()),
        from.getHeaderNamesList(),
        read(from.getCookies()),
        read(from.getQueryStrings()));
  }

  static ResponseHeadersPolicy read(warmfront.snapshot.wire.ResponseHeadersPolicy from) {
    return new ResponseHeadersPolicy(
        from.getId(),
        from.getName(),
        from.getRemovedList(),
        from.hasCors() ? Optional.of(read(from.getCors())) : Optional.empty(),
        from.getHeadersList().stream()
            .map(header ->
                new ResponseHeadersPolicy.Header(
                    header.getName(), header.getValue(), header.getOverride()))
            .toList(),
        from.hasServerTiming() ? OptionalInt.of(from.getServerTiming()) : OptionalInt.empty());
  }

  private static ResponseHeadersPolicy.Cors read(
      warmfront.snapshot.wire.ResponseHeadersPolicy.Cors from) {
    return new ResponseHeadersPolicy.Cors(
        from.getCredentials(),
        from.getAllowHeadersList(),
        from.getAllowMethodsList(),
        from.getAllowOriginsList(),
        from.getExposeHeadersList(),
        from.hasMaxAgeSeconds() ? OptionalInt.of(from.getMaxAgeSeconds()) : OptionalInt.empty(),
        from.getOverride());
  }

  static ContinuousDeploymentPolicy read(warmfront.snapshot.wire.ContinuousDeploymentPolicy from) {
    ContinuousDeploymentPolicy.Split split =
        switch (from.getSplitCase()) {
          case BY_HEADER ->
              new ContinuousDeploymentPolicy.Split.ByHeader(
                  from.getByHeader().getName(), from.getByHeader().getValue());
          case BY_WEIGHT -> read(from.getByWeight());
          case SPLIT_NOT_SET -> new ContinuousDeploymentPolicy.Split.Nobody();
        };
    return new ContinuousDeploymentPolicy(
        from.getId(), from.getEnabled(), from.getStagingName(), split);
  }

  private static ContinuousDeploymentPolicy.Split read(
      warmfront.snapshot.wire.ContinuousDeploymentPolicy.ByWeight from) {
    return new ContinuousDeploymentPolicy.Split.ByWeight(
        from.getPerMillion(),
        from.hasIdleMillis()
            ? Optional.of(
                new ContinuousDeploymentPolicy.Stickiness(
                    Duration.ofMillis(from.getIdleMillis()),
                    Duration.ofMillis(from.getLongestMillis())))
            : Optional.empty());
  }

  private static NameSet read(warmfront.snapshot.wire.NameSet from) {
    return new NameSet(
        ResourceReader.named(NameSet.Mode.class, from.getMode()), from.getNamesList());
  }
}
