package warmfront.control.api;

import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/**
 * Web ACLs, of which there are none: nothing is associated with one, and to be without one is what
 * everything is already. Callers are told what CloudFront tells those who have none.
 */
final class WebAcls {
  private static final Pattern ARN =
      Pattern.compile("arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]{12}:global/webacl/[^/]+/[^/]+");

  private final Store store;

  WebAcls(Store store) {
    this.store = store;
  }

  void register(Handlers handlers) {
    register(handlers, "Distribution", DistributionFamily.TYPE);
    register(handlers, "DistributionTenant", TenantFamily.TYPE);
  }

  private void register(Handlers handlers, String noun, String type) {
    handlers.on(
        "Associate" + noun + "WebACL",
        (asked, _) -> {
          store.read(tx -> row(tx, type, asked));
          String arn = Members.text(asked, "WebACLArn").orElseThrow();
          if (!ARN.matcher(arn).matches()) {
            throw new Refused(
                "InvalidArgument",
                "The parameter WebACLArn is not the ARN of a web ACL: %s.".formatted(arn));
          }
          throw new Refused("EntityNotFound", missing(arn));
        });
    handlers.on(
        "Disassociate" + noun + "WebACL",
        (asked, said) -> {
          Row row = store.read(tx -> row(tx, type, asked));
          Members.set(said, "Id", row.id());
          Members.set(said, "ETag", row.etag());
        });
  }

  private static Row row(Transaction tx, String type, SdkPojo asked) {
    String id = Members.text(asked, "Id").orElseThrow();
    Row row =
        tx.find(type, id)
            .orElseThrow(() ->
                new Refused(
                    "EntityNotFound", "There is no %s %s.".formatted(type.replace('-', ' '), id)));
    Optional<String> version = Members.text(asked, "IfMatch");
    if (version.isPresent()) {
      Resources.match(row, version);
    }
    return row;
  }

  /** Says that a web ACL is not there. */
  static String missing(String id) {
    return "There is no web ACL %s: this version has none.".formatted(id);
  }
}
