package warmfront.control.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.KeyGroup;
import software.amazon.awssdk.services.cloudfront.model.KeyGroupConfig;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/** Groups of public keys. */
final class KeyGroups implements Family<KeyGroupConfig, KeyGroup> {
  static final String TYPE = "key-group";
  private static final int NAME_CHARS = 128;

  private final Quotas quotas;
  private final Words words;

  KeyGroups(Quotas quotas) {
    this.quotas = quotas;
    this.words =
        new Words(
            TYPE,
            "KeyGroup",
            Kind.KEY_GROUP,
            "",
            "NoSuchResource",
            "TooManyKeyGroups",
            quotas.of(Quota.KEY_GROUPS),
            "ResourceInUse");
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public SdkPojo blank() {
    return KeyGroup.builder();
  }

  @Override
  public String newId(Ids ids) {
    return ids.uuid();
  }

  @Override
  public KeyGroupConfig complete(KeyGroupConfig asked) {
    if (asked.name().isEmpty() || asked.name().length() > NAME_CHARS) {
      throw invalid("Name", "has 1 to %d characters".formatted(NAME_CHARS));
    }
    Comments.check("KeyGroupConfig", asked.comment());
    if (asked.items().isEmpty()) {
      throw invalid("Items", "names at least one public key");
    }
    if (asked.items().size() > quotas.of(Quota.GROUP_KEYS)) {
      throw new Refused(
          "TooManyPublicKeysInKeyGroup",
          "%d public keys in a group; %d are allowed."
              .formatted(asked.items().size(), quotas.of(Quota.GROUP_KEYS)));
    }
    if (new HashSet<>(asked.items()).size() < asked.items().size()) {
      throw invalid("Items", "names a public key twice");
    }
    return asked.toBuilder().comment(Objects.requireNonNullElse(asked.comment(), "")).build();
  }

  private static Refused invalid(String field, String what) {
    return new Refused(
        "InvalidArgument", "The parameter KeyGroupConfig.%s %s.".formatted(field, what));
  }

  @Override
  public void refer(Transaction tx, KeyGroupConfig config) {
    for (String id : config.items()) {
      if (tx.find(PublicKeys.TYPE, id).isEmpty()) {
        throw invalid("Items", "names a public key that is not there: " + id);
      }
    }
  }

  @Override
  public void change(KeyGroupConfig before, KeyGroupConfig after) {}

  @Override
  public List<Name> names(KeyGroupConfig config) {
    return List.of(
        new Name(
            "key-group-name",
            config.name(),
            "KeyGroupAlreadyExists",
            "A key group with the name %s exists already".formatted(config.name())));
  }

  @Override
  public KeyGroup make(Ids ids, String id, KeyGroupConfig config) {
    return KeyGroup.builder().id(id).keyGroupConfig(config).build();
  }

  @Override
  public KeyGroup with(KeyGroup resource, KeyGroupConfig config) {
    return resource.toBuilder().keyGroupConfig(config).build();
  }

  @Override
  public KeyGroupConfig config(KeyGroup resource) {
    return resource.keyGroupConfig();
  }

  @Override
  public KeyGroup show(Transaction tx, Row row, KeyGroup resource) {
    return resource.toBuilder().lastModifiedTime(row.modified()).build();
  }

  @Override
  public Resource compile(KeyGroup resource) {
    return new warmfront.distribution.KeyGroup(resource.id(), resource.keyGroupConfig().items());
  }

  @Override
  public Optional<String> usersOperation() {
    return Optional.of("ListDistributionsByKeyGroup");
  }

  @Override
  public boolean uses(Resource user, String id) {
    return user instanceof Distribution distribution
        && Stream.concat(
                Stream.of(distribution.defaultBehavior()), distribution.behaviors().stream())
            .anyMatch(behavior -> behavior.options().signers().keyGroups().contains(id));
  }
}
