package warmfront.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Feature;
import warmfront.distribution.Geography;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Kind;
import warmfront.distribution.NameSet;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.distribution.StreamingDistribution;
import warmfront.distribution.Wishes;
import warmfront.snapshot.wire.LogEntry;
import warmfront.snapshot.wire.OriginAccessControl;

final class SnapshotCodecTest {
  private static final ByteString NO_SALT = ByteString.EMPTY;
  private static final ByteString SALT = ByteString.copyFromUtf8("sixteen bytes   ");

  private final SnapshotCodec codec = new SnapshotCodec(Set.of());

  @Test
  void every_kind_comes_back_as_it_was() {
    Samples samples = new Samples(11);
    for (int i = 0; i < 300; i++) {
      for (Kind kind : Kind.values()) {
        Resource value = samples.of(kind);

        LogEntry wire =
            SnapshotCodec.encode(draft(1 + i, kind, Optional.of(value)), salt(kind), Chain.EMPTY);

        Entry entry = understood(wire);
        assertThat(entry.value()).contains(value);
        assertThat(entry.kind()).isEqualTo(kind);
        assertThat(entry.revision()).isEqualTo(1 + i);
        assertThat(SnapshotCodec.encode(value)).isEqualTo(wire.getValue());
      }
    }
  }

  @Test
  void a_deletion_comes_back_as_it_was() {
    LogEntry wire =
        SnapshotCodec.encode(draft(4, Kind.PUBLICATION, Optional.empty()), NO_SALT, Chain.EMPTY);

    assertThat(understood(wire).value()).isEmpty();
    assertThat(wire.getDeleted()).isTrue();
  }

  @Test
  void who_is_not_told_a_secret_has_the_same_chain() {
    Resource key = new Samples(3).of(Kind.HEARTBEAT_KEY);
    LogEntry told =
        SnapshotCodec.encode(draft(1, Kind.HEARTBEAT_KEY, Optional.of(key)), SALT, Chain.EMPTY);

    LogEntry untold = SnapshotCodec.withheld(told);

    assertThat(untold.hasValue()).isFalse();
    assertThat(untold.hasSalt()).isFalse();
    assertThat(SnapshotCodec.chain(Chain.EMPTY, untold))
        .isEqualTo(SnapshotCodec.chain(Chain.EMPTY, told))
        .isEqualTo(SnapshotCodec.chain(told.getChain()));
    assertThat(understood(untold).value()).isEmpty();
  }

  @Test
  void the_digest_of_a_secret_is_of_no_use_for_guessing_it() {
    Resource key = new Samples(3).of(Kind.HEARTBEAT_KEY);
    SnapshotCodec.Draft draft = draft(1, Kind.HEARTBEAT_KEY, Optional.of(key));

    LogEntry one = SnapshotCodec.encode(draft, SALT, Chain.EMPTY);
    LogEntry other = SnapshotCodec.encode(draft, ByteString.copyFromUtf8("other"), Chain.EMPTY);

    assertThat(one.getValue()).isEqualTo(other.getValue());
    assertThat(one.getDigest()).isNotEqualTo(other.getDigest());
    assertThatThrownBy(() -> SnapshotCodec.encode(draft, NO_SALT, Chain.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_entry_is_whole_again_with_its_secret() throws InvalidProtocolBufferException {
    Resource key = new Samples(3).of(Kind.HEARTBEAT_KEY);
    LogEntry told =
        SnapshotCodec.encode(draft(1, Kind.HEARTBEAT_KEY, Optional.of(key)), SALT, Chain.EMPTY);

    LogEntry whole = SnapshotCodec.whole(SnapshotCodec.withheld(told), SnapshotCodec.secret(told));

    assertThat(whole).isEqualTo(told);
  }

  @Test
  void every_part_of_an_entry_is_in_its_chain() {
    LogEntry entry =
        SnapshotCodec.encode(
            draft(1, Kind.PUBLICATION, Optional.of(publication("E1"))), NO_SALT, Chain.EMPTY);
    List<LogEntry> others =
        List.of(
            entry.toBuilder().setEpoch(2).build(),
            entry.toBuilder().setRevision(2).build(),
            entry.toBuilder().setKind("INVALIDATION").build(),
            entry.toBuilder().setId("E2").build(),
            entry.toBuilder().addFeatures("x").build(),
            entry.toBuilder().setDeleted(true).build(),
            entry.toBuilder().setDigest(ByteString.EMPTY).build(),
            entry.toBuilder().setLast(false).build());

    List<Chain> chains = new ArrayList<>();
    others.forEach(other -> chains.add(SnapshotCodec.chain(Chain.EMPTY, other)));
    chains.add(SnapshotCodec.chain(Chain.EMPTY, entry));
    chains.add(SnapshotCodec.chain(new Chain("1".repeat(64)), entry));

    assertThat(chains).doesNotHaveDuplicates();
  }

  @Test
  void an_unknown_feature_kind_field_or_name_is_needed_and_not_dropped() {
    LogEntry entry =
        SnapshotCodec.encode(
            draft(7, Kind.PUBLICATION, Optional.of(publication("E1"))), NO_SALT, Chain.EMPTY);
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    ByteString laterValue =
        warmfront.snapshot.wire.Publication.newBuilder()
            .setId("E1")
            .setUnknownFields(later)
            .build()
            .toByteString();
    ByteString laterName =
        OriginAccessControl.newBuilder().setId("O1").setSigningValue(77).build().toByteString();

    assertThat(codec.decode(entry.toBuilder().addFeatures("functions").build()))
        .isEqualTo(new Decoded.NeedsFeature(7, "functions"));
    assertThat(codec.decode(entry.toBuilder().setKind("FUNCTION").build()))
        .isEqualTo(new Decoded.NeedsFeature(7, "resources of kind FUNCTION"));
    assertThat(codec.decode(entry.toBuilder().setUnknownFields(later).build()))
        .isInstanceOf(Decoded.NeedsFeature.class);
    assertThat(codec.decode(valued(entry, Kind.PUBLICATION, laterValue)))
        .isEqualTo(new Decoded.NeedsFeature(7, "fields [99] of Publication"));
    assertThat(codec.decode(valued(entry, Kind.ORIGIN_ACCESS_CONTROL, laterName)))
        .isEqualTo(
            new Decoded.NeedsFeature(
                7, "value 77 of warmfront.snapshot.OriginAccessControl.signing"));
    assertThat(
            new SnapshotCodec(Set.of("functions"))
                .decode(entry.toBuilder().addFeatures("functions").build()))
        .isInstanceOf(Decoded.Understood.class);
  }

  @Test
  void cache_tags_come_as_they_were_and_are_a_feature() {
    Distribution plain = (Distribution) new Samples(4).of(Kind.DISTRIBUTION);
    Distribution tagged =
        new Distribution(
            plain.id(),
            plain.domainName(),
            plain.enabled(),
            plain.aliases(),
            plain.defaultRootObject(),
            plain.ipv6(),
            plain.http2(),
            plain.priceClass(),
            plain.origins(),
            plain.behaviors(),
            plain.defaultBehavior(),
            plain.errorTtl(),
            plain.logging(),
            Optional.of("Cache-Tag"),
            plain.wishes(),
            Entrance.PLAIN,
            Remedies.NONE);
    Invalidation named = new Invalidation("I1", "E1", List.of("/a", "#News"));
    for (Resource value : List.of(tagged, named)) {
      LogEntry entry =
          SnapshotCodec.encode(
              draft(7, value.kind(), Optional.of(value)), salt(value.kind()), Chain.EMPTY);

      assertThat(understood(entry).value()).contains(value);
      assertThat(value.features()).containsExactly(Feature.CACHE_TAGS);
    }
    assertThat(plain.features()).isEmpty();
    assertThat(new Invalidation("I1", "E1", List.of("/a#b")).features()).isEmpty();
  }

  @Test
  void wishes_for_routing_come_as_they_were_and_are_a_feature() {
    Distribution plain = (Distribution) new Samples(4).of(Kind.DISTRIBUTION);
    for (Wishes wishes : List.of(new Wishes(true, true, true), new Wishes(false, false, false))) {
      Distribution wishing = plain.withWishes(wishes);
      for (Resource value : List.of(wishing, Publication.of(wishing))) {
        LogEntry entry =
            SnapshotCodec.encode(
                draft(7, value.kind(), Optional.of(value)), salt(value.kind()), Chain.EMPTY);

        assertThat(understood(entry).value()).contains(value);
      }
      assertThat(wishing.features()).containsExactly(Feature.ROUTING_WISHES);
      assertThat(Publication.of(wishing).features().isEmpty()).isEqualTo(wishes.explores());
    }
  }

  @Test
  void a_standard_cache_comes_as_it_was_and_is_a_feature() {
    Distribution plain = (Distribution) new Samples(4).of(Kind.DISTRIBUTION);
    Distribution wishing = plain.withWishes(Wishes.NONE.withStandardCache(true));
    LogEntry entry =
        SnapshotCodec.encode(
            draft(7, wishing.kind(), Optional.of(wishing)), salt(wishing.kind()), Chain.EMPTY);

    assertThat(understood(entry).value()).contains(wishing);
    assertThat(wishing.features()).containsExactly(Feature.STANDARD_CACHE);
  }

  @Test
  void what_viewers_may_speak_comes_as_it_was_and_is_a_feature_unless_it_is_HTTP2() {
    for (boolean http2 : List.of(true, false)) {
      for (boolean http3 : List.of(true, false)) {
        Publication.Spoken spoken = new Publication.Spoken(http2, http3);
        Publication value =
            new Publication(
                "E1",
                "d1.example",
                true,
                List.of(),
                false,
                new Publication.Terms(true, PriceClass.PRICE_CLASS_ALL, true, spoken, List.of()));
        LogEntry entry =
            SnapshotCodec.encode(draft(7, value.kind(), Optional.of(value)), NO_SALT, Chain.EMPTY);

        assertThat(understood(entry).value()).contains(value);
        assertThat(value.features().isEmpty()).isEqualTo(spoken.equals(Publication.Spoken.HTTP2));
      }
    }
  }

  @Test
  void DNS_servers_are_told_what_a_distribution_offers_its_viewers() {
    Distribution plain = (Distribution) new Samples(4).of(Kind.DISTRIBUTION);
    Distribution http3 =
        plain.withEntrance(new Entrance(true, Optional.empty(), Geography.ANYWHERE));
    Resource streaming = new Samples(4).of(Kind.STREAMING_DISTRIBUTION);

    assertThat(Publication.of(plain).terms().spoken())
        .isEqualTo(new Publication.Spoken(plain.http2(), false));
    assertThat(Publication.of(http3).terms().spoken())
        .isEqualTo(new Publication.Spoken(plain.http2(), true));
    assertThat(Publication.of((StreamingDistribution) streaming).terms().spoken())
        .isEqualTo(Publication.Spoken.NOTHING);
  }

  @Test
  void cookies_that_are_named_by_patterns_are_a_feature_of_legacy_settings() {
    NameSet patterns = NameSet.only("session-*");
    CachePolicy policy =
        new CachePolicy(
            "p",
            "p",
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofDays(1),
            true,
            false,
            NameSet.NONE,
            patterns,
            NameSet.NONE);
    Distribution plain = (Distribution) new Samples(4).of(Kind.DISTRIBUTION);
    Behavior behavior = plain.defaultBehavior();
    Distribution legacy =
        with(
            plain,
            new Behavior(
                "*",
                behavior.originId(),
                behavior.viewerProtocol(),
                behavior.allowed(),
                behavior.cached(),
                Optional.empty(),
                Optional.of(policy),
                Behavior.Options.NONE));

    assertThat(legacy.features()).containsExactly(Feature.ORIGIN_REQUEST_POLICIES);
    assertThat(policy.features()).isEmpty();
  }

  private static Distribution with(Distribution plain, Behavior behavior) {
    return new Distribution(
        plain.id(),
        plain.domainName(),
        plain.enabled(),
        plain.aliases(),
        plain.defaultRootObject(),
        plain.ipv6(),
        plain.http2(),
        plain.priceClass(),
        plain.origins(),
        List.of(),
        behavior,
        plain.errorTtl(),
        plain.logging(),
        plain.cacheTagHeader(),
        plain.wishes(),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  @Test
  void what_came_to_publications_and_connection_groups_comes_as_it_was() {
    Samples samples = new Samples(10);
    for (int i = 0; i < 50; i++) {
      for (Resource full : List.of(samples.saying(), samples.anycastGroup())) {
        LogEntry entry =
            SnapshotCodec.encode(
                draft(7, full.kind(), Optional.of(full)), salt(full.kind()), Chain.EMPTY);

        assertThat(understood(entry).value()).contains(full);
        assertThat(full.features()).contains(Feature.ANYCAST);
      }
    }
  }

  @Test
  void what_a_distribution_asks_for_comes_as_it_was_and_is_a_feature_each() {
    Samples samples = new Samples(9);
    for (int i = 0; i < 50; i++) {
      Distribution demanding = samples.demanding();
      LogEntry entry =
          SnapshotCodec.encode(
              draft(7, Kind.DISTRIBUTION, Optional.of(demanding)),
              salt(Kind.DISTRIBUTION),
              Chain.EMPTY);

      assertThat(understood(entry).value()).contains(demanding);
      assertThat(demanding.features())
          .containsExactlyInAnyOrder(
              Feature.CACHE_TAGS,
              Feature.ROUTING_WISHES,
              Feature.ASKING_WISHES,
              Feature.ORIGIN_REQUEST_POLICIES,
              Feature.RESPONSE_HEADERS_POLICIES,
              Feature.COMPRESSION,
              Feature.EXPLANATIONS,
              Feature.SIGNED_REQUESTS,
              Feature.CERTIFICATES,
              Feature.GEOGRAPHY,
              Feature.HTTP3,
              Feature.ERROR_PAGES,
              Feature.ORIGIN_GROUPS,
              Feature.ORIGIN_REACH,
              Feature.ORIGIN_SHIELD,
              Feature.CONTINUOUS_DEPLOYMENT,
              Feature.ORIGIN_SIGNING,
              Feature.VPC_ORIGINS,
              Feature.INVALIDATING_WRITES,
              Feature.INDEX_DOCUMENTS,
              Feature.VIEWER_MTLS,
              Feature.ORIGIN_MTLS,
              Feature.TENANTS,
              Feature.FIELD_LEVEL_ENCRYPTION,
              Feature.ERROR_PAGES_OF_BEHAVIORS,
              Feature.GRPC,
              Feature.MEDIA_QUALITY,
              Feature.SMOOTH_STREAMING,
              Feature.ANYCAST);
    }
  }

  @Test
  void an_access_control_comes_as_it_was_and_is_a_feature_unless_it_is_for_buckets() {
    for (warmfront.distribution.OriginAccessControl.Type type :
        warmfront.distribution.OriginAccessControl.Type.values()) {
      warmfront.distribution.OriginAccessControl control =
          new warmfront.distribution.OriginAccessControl(
              "E1", "a", type, warmfront.distribution.OriginAccessControl.Signing.ALWAYS);
      LogEntry entry =
          SnapshotCodec.encode(
              draft(7, Kind.ORIGIN_ACCESS_CONTROL, Optional.of(control)),
              salt(Kind.ORIGIN_ACCESS_CONTROL),
              Chain.EMPTY);

      assertThat(understood(entry).value()).contains(control);
      assertThat(control.features().isEmpty())
          .isEqualTo(type == warmfront.distribution.OriginAccessControl.Type.S3);
    }
  }

  @Test
  void what_streaming_needs_is_refused_by_who_does_not_know_it() {
    Samples samples = new Samples(6);
    for (Kind kind : List.of(Kind.STREAMING_DISTRIBUTION, Kind.CHANNEL, Kind.PUBLIC_KEY)) {
      Resource value = samples.of(kind);
      String feature = value.features().iterator().next().name();
      LogEntry entry =
          SnapshotCodec.encode(
              new SnapshotCodec.Draft(
                  1, 7, kind, value.id(), Set.of(feature), Optional.of(value), true),
              NO_SALT,
              Chain.EMPTY);

      assertThat(new SnapshotCodec(Set.of()).decode(entry))
          .isEqualTo(new Decoded.NeedsFeature(7, feature));
      assertThat(new SnapshotCodec(Set.of(feature)).decode(entry))
          .isInstanceOf(Decoded.Understood.class);
    }
  }

  @Test
  void a_value_that_is_not_the_digest_s_is_malformed() {
    LogEntry entry =
        SnapshotCodec.encode(
            draft(7, Kind.PUBLICATION, Optional.of(publication("E1"))), NO_SALT, Chain.EMPTY);

    LogEntry changed = entry.toBuilder().setValue(SnapshotCodec.encode(publication("E2"))).build();

    assertThat(codec.decode(changed)).isInstanceOf(Decoded.Malformed.class);
    assertThat(codec.decode(SnapshotCodec.withheld(entry))).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void noise_never_throws() {
    Random random = new Random(5);
    Samples samples = new Samples(5);
    List<Kind> kinds = List.of(Kind.values());
    for (int i = 0; i < 5000; i++) {
      Kind kind = kinds.get(i % kinds.size());
      byte[] value = SnapshotCodec.encode(samples.of(kind)).toByteArray();
      for (int flips = 0; flips <= random.nextInt(4) && value.length > 0; flips++) {
        value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
      }
      LogEntry entry = LogEntry.newBuilder().setEpoch(1).setRevision(1).setLast(true).build();

      assertThat(codec.decode(valued(entry, kind, ByteString.copyFrom(value)))).isNotNull();
    }
  }

  private static LogEntry valued(LogEntry entry, Kind kind, ByteString value) {
    return entry.toBuilder()
        .setKind(kind.name())
        .setValue(value)
        .setDigest(ByteString.copyFrom(sha256(value.toByteArray())))
        .build();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private Entry understood(LogEntry wire) {
    Decoded decoded = codec.decode(wire);
    assertThat(decoded).isInstanceOf(Decoded.Understood.class);
    return ((Decoded.Understood) decoded).entry();
  }

  private static SnapshotCodec.Draft draft(long revision, Kind kind, Optional<Resource> value) {
    String id = value.map(Resource::id).orElse("gone");
    return new SnapshotCodec.Draft(1, revision, kind, id, Set.of(), value, true);
  }

  private static ByteString salt(Kind kind) {
    return kind.secret() ? SALT : NO_SALT;
  }

  private static Publication publication(String id) {
    return new Publication(id, "d1.example", true, List.of(), false, Publication.Terms.USUAL);
  }
}
