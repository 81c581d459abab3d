package warmfront.app.apply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Buckets. A bucket has a name here and objects, and nothing else: properties of other kinds are
 * taken, and noted as having no effect.
 */
final class BucketMaker implements Maker {
  static final String TYPE = "AWS::S3::Bucket";

  private static final String NAME = "BucketName";

  /** Amazon S3, user guide, bucket naming rules. */
  private static final String NAMES = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";

  private static final int NAME_CHARS_MAX = 63;

  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "AbacStatus",
          "AccelerateConfiguration",
          "AccessControl",
          "AnalyticsConfigurations",
          "BucketEncryption",
          "CorsConfiguration",
          "IntelligentTieringConfigurations",
          "InventoryConfigurations",
          "LifecycleConfiguration",
          "LoggingConfiguration",
          "MetadataConfiguration",
          "MetadataTableConfiguration",
          "MetricsConfigurations",
          "NotificationConfiguration",
          "ObjectLockConfiguration",
          "ObjectLockEnabled",
          "OwnershipControls",
          "PublicAccessBlockConfiguration",
          "ReplicationConfiguration",
          "Tags",
          "VersioningConfiguration",
          "WebsiteConfiguration");

  private final S3Calls s3;
  private final String stack;
  private final String region;

  /**
   * Makes one.
   *
   * @param stack the stack's name, for buckets that have none
   * @param region in domain names
   */
  BucketMaker(S3Calls s3, String stack, String region) {
    this.s3 = s3;
    this.stack = stack;
    this.region = region;
  }

  @Override
  public Set<String> attributes() {
    return Set.of("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName");
  }

  @Override
  public Value.Fields heeded(Value.Fields properties) {
    Map<String, Value> heeded = new LinkedHashMap<>(properties.fields());
    heeded.replaceAll((name, value) -> WITHOUT_EFFECT.contains(name) ? new Value.Text("") : value);
    return new Value.Fields(heeded);
  }

  @Override
  public Wanted wanted(String name, Value.Fields properties) throws ApplyException {
    String path = name + ".Properties.";
    List<String> notes = new ArrayList<>();
    for (String property : properties.fields().keySet()) {
      if (WITHOUT_EFFECT.contains(property)) {
        notes.add(path + property + " has no effect here");
      } else if (!property.equals(NAME)) {
        throw new ApplyException(path + property + ": there is no such property");
      }
    }
    Optional<Value> given = properties.field(NAME);
    String bucket = given.isPresent() ? given.get().text(path + NAME) : madeUp(name);
    if (!bucket.matches(NAMES)) {
      throw new ApplyException("%s%s: '%s' is no bucket's name".formatted(path, NAME, bucket));
    }
    return new Wanted(
        name, properties, new Leaves(new TreeMap<>(Map.of(NAME, bucket))), List.copyOf(notes));
  }

  /** The same for the same stack and resource, so that a create can be repeated. */
  private String madeUp(String name) {
    CRC32 sum = new CRC32();
    sum.update((stack + "/" + name).getBytes(StandardCharsets.UTF_8));
    String end = "-" + HexFormat.of().toHexDigits((int) sum.getValue());
    String begin = (stack + "-" + name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    return begin.substring(0, Math.min(begin.length(), NAME_CHARS_MAX - end.length())) + end;
  }

  @Override
  public Optional<Made> foreseen(Wanted wanted) {
    return Optional.of(made(bucket(wanted)));
  }

  @Override
  public boolean isFixed(String path) {
    return true;
  }

  @Override
  public Optional<Made> find(Wanted wanted, String reference)
      throws ApplyException, InterruptedException {
    return read(bucket(wanted));
  }

  @Override
  public Made create(Wanted wanted, String reference) throws ApplyException, InterruptedException {
    String bucket = bucket(wanted);
    // One's own bucket can be made again (Amazon S3, API reference, CreateBucket, us-east-1).
    if (read(bucket).isEmpty()) {
      s3.call("CreateBucket", "PUT", bucket, "", "");
    }
    return made(bucket);
  }

  @Override
  public Optional<Made> read(String id) throws ApplyException, InterruptedException {
    try {
      s3.call("HeadBucket", "HEAD", id, "", "");
      return Optional.of(made(id));
    } catch (RefusedException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Made update(Wanted wanted, Made made, Set<String> changed) {
    return made;
  }

  @Override
  public void delete(String id) throws ApplyException, InterruptedException {
    if (read(id).isPresent()) {
      s3.call("DeleteBucket", "DELETE", id, "", "");
    }
  }

  @Override
  public boolean await(String id) {
    return true;
  }

  private static String bucket(Wanted wanted) {
    return wanted.leaves().find(NAME).orElseThrow();
  }

  /** CloudFormation, template reference, return values of AWS::S3::Bucket. */
  private Made made(String bucket) {
    Map<String, String> attributes =
        Map.of(
            Made.REFERENCE,
            bucket,
            "Arn",
            "arn:aws:s3:::" + bucket,
            "DomainName",
            bucket + ".s3.amazonaws.com",
            "DualStackDomainName",
            "%s.s3.dualstack.%s.amazonaws.com".formatted(bucket, region),
            "RegionalDomainName",
            "%s.s3.%s.amazonaws.com".formatted(bucket, region));
    Leaves leaves = new Leaves(new TreeMap<>(Map.of(NAME, bucket)));
    return new Made(bucket, "", leaves, Set.of(NAME), attributes);
  }
}
