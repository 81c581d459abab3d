package warmfront.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.ImportSource;
import warmfront.control.api.keyvalue.ImportFile;
import warmfront.control.api.keyvalue.KeyValues;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.distribution.S3Endpoint;

/**
 * What new key value stores begin with: a file of a bucket. One that cannot be taken is refused at
 * once, and no store is made.
 */
final class StoreImports {
  private static final Pattern OBJECT =
      Pattern.compile("arn:[a-z-]+:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})");

  /** An ARN of an object names no region. */
  private static final String REGION = "us-east-1";

  /** How much longer than its pairs a file may be: quotes, names, white space. */
  private static final int FILE_FACTOR = 4;

  private final Kit kit;
  private final ObjectReader objects;

  StoreImports(Kit kit, ObjectReader objects) {
    this.kit = kit;
    this.objects = objects;
  }

  /**
   * Returns the pairs that a new store is to have; none if it is to be empty.
   *
   * @throws Refused {@code InvalidArgument} or {@code EntitySizeLimitExceeded}
   */
  Map<String, String> pairs(SdkPojo asked) {
    return Members.value(asked, "ImportSource")
        .map(source -> read(((ImportSource) source).sourceARN()))
        .orElse(Map.of());
  }

  private Map<String, String> read(String arn) {
    Matcher object = OBJECT.matcher(arn);
    if (!object.matches()) {
      throw invalid("is not the ARN of an object: " + arn);
    }
    String bucket = object.group(1);
    S3Endpoint endpoint =
        kit.store()
            .read(tx -> TrustStores.endpoint(tx, bucket, REGION))
            .orElseThrow(() -> invalid("cannot be read: no S3 endpoint is configured for it"));
    ObjectReader.Name name = new ObjectReader.Name(bucket, object.group(2), Optional.empty());
    int bytesMax = kit.quotas().of(Quota.STORE_BYTES);
    int fileMax = (int) Math.min(Integer.MAX_VALUE - 1L, (long) bytesMax * FILE_FACTOR);
    return switch (objects.read(endpoint, name, fileMax)) {
      case ObjectReader.Answer.Unread(String reason) -> throw invalid("cannot be read: " + reason);
      case ObjectReader.Answer.Read file -> {
        if (file.bytes().remaining() > fileMax) {
          throw tooLarge(bytesMax);
        }
        yield taken(file.text(StandardCharsets.UTF_8), name, bytesMax);
      }
    };
  }

  private static Map<String, String> taken(String json, ObjectReader.Name name, int bytesMax) {
    Map<String, String> pairs;
    try {
      pairs = ImportFile.read(json);
    } catch (IllegalArgumentException wrong) {
      throw invalid("cannot be taken: %s: %s".formatted(name, wrong.getMessage()));
    }
    if (KeyValues.size(pairs) > bytesMax) {
      throw tooLarge(bytesMax);
    }
    return pairs;
  }

  private static Refused tooLarge(int bytesMax) {
    return new Refused(
        "EntitySizeLimitExceeded",
        "A key value store may have %d bytes of keys and values.".formatted(bytesMax));
  }

  private static Refused invalid(String what) {
    return new Refused(
        "InvalidArgument", "The parameter ImportSource.SourceARN %s.".formatted(what));
  }
}
