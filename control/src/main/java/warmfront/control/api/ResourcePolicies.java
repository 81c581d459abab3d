package warmfront.control.api;

import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.model.PutResourcePolicyRequest;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;

/**
 * With whom a VPC origin is shared. There is one account here, so that nobody else is let in or
 * kept out by it: it is kept as it was written.
 */
final class ResourcePolicies {
  private static final String TYPE = "resource-policy";

  /** As long as a policy of a resource may be elsewhere at AWS. */
  private static final int CHARS_MAX = 20_480;

  private final Kit kit;
  private final Arns arns;
  private final Ledger<PutResourcePolicyRequest> ledger;

  ResourcePolicies(Kit kit) {
    this.kit = kit;
    this.arns = new Arns(kit.site());
    this.ledger =
        new Ledger<>(
            new Ledger.Words(
                TYPE,
                "PutResourcePolicyRequest",
                "EntityNotFound",
                "InvalidArgument",
                Integer.MAX_VALUE),
            PutResourcePolicyRequest::builder,
            kit);
  }

  void register(Handlers handlers) {
    handlers.on("PutResourcePolicy", this::put);
    handlers.on(
        "GetResourcePolicy",
        (asked, said) ->
            Members.copy(
                kit.store()
                    .read(tx -> {
                      require(tx, arn(asked));
                      return ledger.get(tx, arn(asked)).value();
                    }),
                said));
    handlers.on(
        "DeleteResourcePolicy",
        (asked, said) ->
            kit.store()
                .write(tx -> {
                  require(tx, arn(asked));
                  ledger.remove(tx, ledger.get(tx, arn(asked)).id());
                  return said;
                }));
  }

  /** Forgets that of a resource which is deleted. */
  static void forget(Transaction tx, String arn) {
    if (tx.find(TYPE, arn).isPresent()) {
      tx.delete(TYPE, arn);
    }
  }

  private void put(SdkPojo asked, SdkPojo said) {
    PutResourcePolicyRequest value = (PutResourcePolicyRequest) asked;
    if (value.policyDocument().length() > CHARS_MAX || !isObject(value.policyDocument())) {
      throw new Refused(
          "InvalidArgument",
          "The parameter PolicyDocument is a JSON object of at most %d characters."
              .formatted(CHARS_MAX));
    }
    kit.store()
        .write(tx -> {
          require(tx, value.resourceArn());
          return ledger
              .find(tx, value.resourceArn())
              .map(before -> ledger.change(tx, before, "", value))
              .orElseGet(() -> ledger.add(tx, value.resourceArn(), "", value));
        });
    Members.set(said, "ResourceArn", value.resourceArn());
  }

  private static boolean isObject(String document) {
    try {
      return JsonNode.parser().parse(document).isObject();
    } catch (UncheckedIOException malformed) {
      return false;
    }
  }

  private void require(Transaction tx, String arn) {
    boolean shared =
        arns.find(tx, arn, "ResourceArn")
            .filter(named -> named.type().equals(VpcOrigins.TYPE))
            .isPresent();
    if (!shared) {
      throw new Refused("EntityNotFound", "There is no VPC origin with the ARN %s.".formatted(arn));
    }
  }

  private static String arn(SdkPojo asked) {
    return Members.text(asked, "ResourceArn").orElseThrow();
  }
}
