package warmfront.snapshot;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import warmfront.distribution.FieldLevelEncryptionConfig;
import warmfront.distribution.FieldLevelEncryptionProfile;
import warmfront.snapshot.wire.FieldLevelEncryptionConfig.ByArgument;
import warmfront.snapshot.wire.FieldLevelEncryptionConfig.ByType;
import warmfront.snapshot.wire.FieldLevelEncryptionProfile.Entity;

/** What field-level encryption has in the log, from records to protobuf and back. */
final class EncryptionMessages {
  private EncryptionMessages() {}

  static FieldLevelEncryptionProfile read(
      warmfront.snapshot.wire.FieldLevelEncryptionProfile from) {
    return new FieldLevelEncryptionProfile(
        from.getId(),
        from.getEntitiesList().stream()
            .map(entity ->
                new FieldLevelEncryptionProfile.Entity(
                    entity.getKeyId(),
                    entity.getKeyName(),
                    entity.getProviderId(),
                    entity.getFieldPatternsList()))
            .toList());
  }

  static FieldLevelEncryptionConfig read(warmfront.snapshot.wire.FieldLevelEncryptionConfig from) {
    return new FieldLevelEncryptionConfig(
        from.getId(),
        read(from.getByType()),
        from.hasByArgument() ? Optional.of(read(from.getByArgument())) : Optional.empty());
  }

  private static FieldLevelEncryptionConfig.ByType read(ByType from) {
    Map<String, Optional<String>> profiles = new HashMap<>();
    from.getProfilesList()
        .forEach(one ->
            profiles.put(
                one.getContentType(),
                one.hasProfileId() ? Optional.of(one.getProfileId()) : Optional.empty()));
    return new FieldLevelEncryptionConfig.ByType(profiles, from.getForwardsUnknown());
  }

  private static FieldLevelEncryptionConfig.ByArgument read(ByArgument from) {
    Map<String, String> profiles = new HashMap<>();
    from.getProfilesList().forEach(one -> profiles.put(one.getArgument(), one.getProfileId()));
    return new FieldLevelEncryptionConfig.ByArgument(profiles, from.getForwardsUnknown());
  }

  static Message write(FieldLevelEncryptionProfile from) {
    warmfront.snapshot.wire.FieldLevelEncryptionProfile.Builder to =
        warmfront.snapshot.wire.FieldLevelEncryptionProfile.newBuilder().setId(from.id());
    for (FieldLevelEncryptionProfile.Entity entity : from.entities()) {
      to.addEntities(
          Entity.newBuilder()
              .setKeyId(entity.keyId())
              .setKeyName(entity.keyName())
              .setProviderId(entity.providerId())
              .addAllFieldPatterns(entity.fieldPatterns()));
    }
    return to.build();
  }

  static Message write(FieldLevelEncryptionConfig from) {
    ByType.Builder byType = ByType.newBuilder().setForwardsUnknown(from.byType().forwardsUnknown());
    new TreeMap<>(from.byType().profiles())
        .forEach((type, profile) -> {
          ByType.Profile.Builder one = byType.addProfilesBuilder().setContentType(type);
          profile.ifPresent(one::setProfileId);
        });
    warmfront.snapshot.wire.FieldLevelEncryptionConfig.Builder to =
        warmfront.snapshot.wire.FieldLevelEncryptionConfig.newBuilder()
            .setId(from.id())
            .setByType(byType);
    from.byArgument().ifPresent(said -> to.setByArgument(write(said)));
    return to.build();
  }

  private static ByArgument write(FieldLevelEncryptionConfig.ByArgument from) {
    ByArgument.Builder to = ByArgument.newBuilder().setForwardsUnknown(from.forwardsUnknown());
    new TreeMap<>(from.profiles())
        .forEach((argument, profile) ->
            to.addProfilesBuilder().setArgument(argument).setProfileId(profile));
    return to.build();
  }
}
