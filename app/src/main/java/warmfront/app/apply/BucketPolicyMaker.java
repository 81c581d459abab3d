package warmfront.app.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import warmfront.app.json.Json;

/**
 * Policies of buckets. An S3 that has none is taken as it is: who may read it is its operator's
 * word.
 */
final class BucketPolicyMaker implements Maker {
  static final String TYPE = "AWS::S3::BucketPolicy";

  private static final String BUCKET = "Bucket";
  private static final String DOCUMENT = "PolicyDocument";
  private static final String QUERY = "policy=";

  private final S3Calls s3;

  BucketPolicyMaker(S3Calls s3) {
    this.s3 = s3;
  }

  @Override
  public Set<String> attributes() {
    return Set.of();
  }

  @Override
  public Value.Fields heeded(Value.Fields properties) {
    return properties;
  }

  @Override
  public Wanted wanted(String name, Value.Fields properties) throws ApplyException {
    String path = name + ".Properties";
    for (String property : properties.fields().keySet()) {
      if (!property.equals(BUCKET) && !property.equals(DOCUMENT)) {
        throw new ApplyException("%s.%s: there is no such property".formatted(path, property));
      }
    }
    Map<String, String> leaves =
        Map.of(
            BUCKET, property(properties, BUCKET, path).text(path + "." + BUCKET),
            DOCUMENT, Json.write(property(properties, DOCUMENT, path).plain()));
    return new Wanted(
        name,
        properties,
        new Leaves(new TreeMap<>(leaves)),
        List.of(name + " has no effect on the embedded S3, which lets edges read all buckets"));
  }

  private static Value property(Value.Fields properties, String name, String path)
      throws ApplyException {
    return properties
        .field(name)
        .orElseThrow(() -> new ApplyException("%s has no %s".formatted(path, name)));
  }

  @Override
  public Optional<Made> foreseen(Wanted wanted) {
    return Optional.of(made(wanted.leaves().find(BUCKET).orElseThrow(), ""));
  }

  @Override
  public boolean isFixed(String path) {
    return path.equals(BUCKET);
  }

  /** A policy can be put again. */
  @Override
  public Optional<Made> find(Wanted wanted, String reference) {
    return Optional.empty();
  }

  @Override
  public Made create(Wanted wanted, String reference) throws ApplyException, InterruptedException {
    String bucket = wanted.leaves().find(BUCKET).orElseThrow();
    try {
      s3.call(
          "PutBucketPolicy", "PUT", bucket, QUERY, wanted.leaves().find(DOCUMENT).orElseThrow());
    } catch (RefusedException e) {
      if (!e.isNotImplemented()) {
        throw e;
      }
    }
    return made(bucket, policy(bucket));
  }

  /** An S3 without policies shows none of a bucket, and is not asked to have one again. */
  @Override
  public Optional<Made> read(String id) throws ApplyException, InterruptedException {
    try {
      s3.call("HeadBucket", "HEAD", id, "", "");
    } catch (RefusedException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(made(id, policy(id)));
  }

  @Override
  public Made update(Wanted wanted, Made made, Set<String> changed)
      throws ApplyException, InterruptedException {
    return create(wanted, "");
  }

  @Override
  public void delete(String id) throws ApplyException, InterruptedException {
    try {
      s3.call("DeleteBucketPolicy", "DELETE", id, QUERY, "");
    } catch (RefusedException e) {
      if (!e.isMissing() && !e.isNotImplemented()) {
        throw e;
      }
    }
  }

  @Override
  public boolean await(String id) {
    return true;
  }

  /** Returns a bucket's policy; empty text if it has none. */
  private String policy(String bucket) throws ApplyException, InterruptedException {
    try {
      return s3.call("GetBucketPolicy", "GET", bucket, QUERY, "");
    } catch (RefusedException e) {
      if (e.isMissing() || e.isNotImplemented()) {
        return "";
      }
      throw e;
    }
  }

  private static Made made(String bucket, String policy) {
    return new Made(
        bucket,
        policy.isEmpty() ? "" : Integer.toHexString(policy.hashCode()),
        new Leaves(new TreeMap<>(Map.of(DOCUMENT, policy))),
        Set.of(DOCUMENT),
        Map.of(Made.REFERENCE, bucket));
  }
}
