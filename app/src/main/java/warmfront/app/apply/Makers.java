package warmfront.app.apply;

import java.util.HashMap;
import java.util.Map;
import warmfront.time.Clock;

/**
 * Who makes resources.
 *
 * @param byType by the resources' types
 */
record Makers(Map<String, Maker> byType) {
  Makers {
    byType = Map.copyOf(byType);
  }

  /**
   * Returns all there are.
   *
   * @param stack the stack's name
   * @param region in names of buckets' hosts
   */
  static Makers of(ApiCalls api, S3Calls s3, String stack, String region, Clock clock) {
    Map<String, Maker> makers = new HashMap<>();
    Kind.ALL.forEach((type, kind) -> makers.put(type, new CloudFrontMaker(kind, api, clock)));
    makers.put(BucketMaker.TYPE, new BucketMaker(s3, stack, region));
    makers.put(BucketPolicyMaker.TYPE, new BucketPolicyMaker(s3));
    return new Makers(makers);
  }

  boolean isKnown(String type) {
    return byType.containsKey(type);
  }

  /**
   * Returns who makes resources of a type.
   *
   * @throws ApplyException if nobody does
   */
  Maker of(String type) throws ApplyException {
    Maker maker = byType.get(type);
    if (maker == null) {
      throw new ApplyException("resources of the type %s are not made here".formatted(type));
    }
    return maker;
  }
}
