package warmfront.control.api;

import java.util.Locale;
import java.util.regex.Pattern;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.StreamingDistribution;

/** Domain names of buckets, and who asks them. */
final class Buckets {
  private static final Pattern AMAZON =
      Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\.s3([.-][a-z0-9-]+)?\\.amazonaws\\.com");

  private Buckets() {}

  /** Returns whether edges know where a bucket of this domain name is. */
  static boolean isKnown(Transaction tx, String domainName) {
    String name = domainName.toLowerCase(Locale.ROOT);
    return AMAZON.matcher(name).matches()
        || tx.latest(Kind.S3_ENDPOINT).stream()
            .anyMatch(endpoint -> ((S3Endpoint) endpoint).serves(name));
  }

  /** Returns whether a bucket that log files may go to could have this domain name. */
  static boolean isAmazons(String domainName) {
    return AMAZON.matcher(domainName.toLowerCase(Locale.ROOT)).matches();
  }

  /** Returns whether requests of a distribution to a bucket are signed by this access control. */
  static boolean isSignedBy(Resource user, String accessControl) {
    return switch (user) {
      case Distribution web ->
          web.origins().stream().anyMatch(origin -> isSignedBy(origin, accessControl));
      case StreamingDistribution streaming ->
          streaming.accessControl().filter(accessControl::equals).isPresent();
      default -> false;
    };
  }

  private static boolean isSignedBy(Origin origin, String accessControl) {
    return switch (origin.type()) {
      case Origin.S3 s3 -> s3.accessControl().filter(accessControl::equals).isPresent();
      case Origin.Custom _ ->
          origin.reach().accessControl().filter(accessControl::equals).isPresent();
    };
  }
}
