package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.acm.Acm;
import warmfront.control.identity.RootCaller;
import warmfront.control.store.Store;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.link.Pem;

/** Calls of ACM's operations by the account itself, and what came of them. */
record AcmCalls(Acm acm, Store store) {
  /** Returns the answer of a call that is to succeed. */
  JsonNode ok(String operation, String json) {
    Acm.Answer said = answer(operation, json);
    assertThat(said.status()).as(said.body()).isEqualTo(200);
    return JsonNode.parser().parse(said.body());
  }

  /** Makes a call that is to be refused by a code, and returns the message. */
  String refused(String code, String operation, String json) {
    Acm.Answer said = answer(operation, json);
    JsonNode body = JsonNode.parser().parse(said.body());
    assertThat(text(body, "__type")).as(said.body()).isEqualTo(code);
    return text(body, "message");
  }

  private Acm.Answer answer(String operation, String json) {
    return acm.answer(
        RootCaller.of(store),
        "CertificateManager." + operation,
        json.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns what is told of a certificate. */
  JsonNode detail(String arn) {
    return ok("DescribeCertificate", named(arn)).field("Certificate").orElseThrow();
  }

  /** Returns a certificate as edges get it. */
  Certificate published(String arn) {
    return (Certificate) store.read(tx -> tx.latest(Kind.CERTIFICATE, arn)).orElseThrow();
  }

  /** Returns what edges show of it. */
  X509Certificate leaf(String arn) {
    return Pem.certificates(published(arn).chainPem()).getFirst();
  }

  /** Returns the body of a call about a certificate. */
  static String named(String arn) {
    return "{\"CertificateArn\":\"" + arn + "\"}";
  }

  /** Returns a text of an answer. */
  static String text(JsonNode node, String member) {
    return node.field(member).orElseThrow().asString();
  }
}
