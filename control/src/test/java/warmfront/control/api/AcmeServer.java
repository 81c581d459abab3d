package warmfront.control.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.wire.Json;
import warmfront.link.Pem;

/**
 * An authority that speaks ACME (RFC 8555), on loopback: it verifies signatures, looks for proofs
 * in a DNS that the test gives it, and issues what a certification request asks for if that is what
 * was ordered.
 */
final class AcmeServer implements AutoCloseable {
  private final HttpServer http;
  private final Issuer issuer;
  private final Function<String, List<String>> dns;
  private final Map<String, JsonWebKey> accounts = new LinkedHashMap<>();
  private final List<Order> orders = new ArrayList<>();
  private int nonces;

  /** An order, its names, and what was proved of them. */
  private static final class Order {
    private final List<String> names;
    private final String[] statuses;
    private String certificate = "";

    Order(List<String> names) {
      this.names = names;
      this.statuses = new String[names.size()];
      Arrays.fill(statuses, "pending");
    }

    String status() {
      List<String> all = List.of(statuses);
      return !certificate.isEmpty()
          ? "valid"
          : all.contains("invalid") ? "invalid" : all.contains("pending") ? "pending" : "ready";
    }
  }

  /** What a request says: who signed it, and its payload. */
  private record Asked(JsonWebKey key, String payload) {}

  AcmeServer(Issuer issuer, Function<String, List<String>> dns) throws IOException {
    this.issuer = issuer;
    this.dns = dns;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::serve);
    http.start();
  }

  URI directory() {
    return URI.create(url("/directory"));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  /** Returns how many certificates were ordered. */
  synchronized int orders() {
    return orders.size();
  }

  /** Returns how many keys have an account. */
  synchronized int accounts() {
    return accounts.size();
  }

  private synchronized void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Replay-Nonce", "nonce" + nonces++);
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      switch (path[1]) {
        case "directory" -> say(exchange, 200, directoryOf());
        case "nonce" -> exchange.sendResponseHeaders(200, -1);
        case "account" -> account(exchange);
        case "new-order" -> order(exchange, read(exchange));
        default -> about(exchange, path, read(exchange));
      }
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  private Map<String, Object> directoryOf() {
    return Map.of(
        "newNonce", url("/nonce"),
        "newAccount", url("/account"),
        "newOrder", url("/new-order"),
        "revokeCert", url("/revoke"),
        "keyChange", url("/key-change"));
  }

  private Asked read(HttpExchange exchange) throws Exception {
    JsonNode body = JsonNode.parser().parse(exchange.getRequestBody().readAllBytes());
    String protectedPart = text(body, "protected");
    JsonNode head = JsonNode.parser().parse(Base64.getUrlDecoder().decode(protectedPart));
    JsonWebKey key =
        head.field("jwk").isEmpty()
            ? Objects.requireNonNull(accounts.get(text(head, "kid")))
            : JsonWebKey.Factory.newJwk(Base64Texts.json(protectedPart, "jwk"));
    JsonWebSignature signature = new JsonWebSignature();
    signature.setCompactSerialization(
        protectedPart + "." + text(body, "payload") + "." + text(body, "signature"));
    signature.setKey(key.getKey());
    if (!signature.verifySignature()) {
      throw new IllegalStateException("a signature is wrong");
    }
    return new Asked(key, signature.getPayload());
  }

  private static String text(JsonNode node, String member) {
    return node.field(member).orElseThrow().asString();
  }

  /** Reads members as jose4j wants them. */
  private static final class Base64Texts {
    @SuppressWarnings("unchecked") // a key is an object
    static Map<String, Object> json(String encoded, String member) throws Exception {
      String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
      return (Map<String, Object>)
          Objects.requireNonNull(org.jose4j.json.JsonUtil.parseJson(text).get(member));
    }
  }

  private void account(HttpExchange exchange) throws Exception {
    Asked asked = read(exchange);
    String location = url("/account/" + thumbprint(asked.key()));
    boolean known = accounts.put(location, asked.key()) != null;
    exchange.getResponseHeaders().set("Location", location);
    say(exchange, known ? 200 : 201, Map.of("status", "valid"));
  }

  private static String thumbprint(JsonWebKey key) {
    return key.calculateBase64urlEncodedThumbprint("SHA-256");
  }

  private void order(HttpExchange exchange, Asked asked) throws IOException {
    List<String> names =
        JsonNode.parser()
            .parse(asked.payload())
            .field("identifiers")
            .orElseThrow()
            .asArray()
            .stream()
            .map(one -> one.field("value").orElseThrow().asString())
            .toList();
    orders.add(new Order(names));
    int number = orders.size() - 1;
    exchange.getResponseHeaders().set("Location", url("/order/" + number));
    say(exchange, 201, shown(number));
  }

  private Map<String, Object> shown(int number) {
    Order order = orders.get(number);
    Map<String, Object> said = new HashMap<>();
    said.put("status", order.status());
    said.put(
        "identifiers",
        order.names.stream().map(name -> Map.of("type", "dns", "value", name)).toList());
    List<String> authorizations = new ArrayList<>();
    for (int i = 0; i < order.names.size(); i++) {
      authorizations.add(url("/authorization/" + number + "/" + i));
    }
    said.put("authorizations", authorizations);
    said.put("finalize", url("/finalize/" + number));
    if (!order.certificate.isEmpty()) {
      said.put("certificate", url("/certificate/" + number));
    }
    return said;
  }

  private void about(HttpExchange exchange, String[] path, Asked asked) throws Exception {
    int number = Integer.parseInt(path[2]);
    Order order = orders.get(number);
    switch (path[1]) {
      case "order" -> say(exchange, 200, shown(number));
      case "authorization" -> say(exchange, 200, authorization(number, Integer.parseInt(path[3])));
      case "challenge" -> {
        int index = Integer.parseInt(path[3]);
        if (!asked.payload().isEmpty()) {
          order.statuses[index] = isProved(number, index, asked) ? "valid" : "invalid";
        }
        say(exchange, 200, challenge(number, index));
      }
      case "finalize" -> {
        order.certificate = issued(order, asked);
        say(exchange, 200, shown(number));
      }
      case "certificate" -> {
        exchange.getResponseHeaders().set("Content-Type", "application/pem-certificate-chain");
        byte[] chain = order.certificate.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, chain.length);
        exchange.getResponseBody().write(chain);
      }
      default -> throw new IllegalStateException(path[1]);
    }
  }

  private String domain(int number, int index) {
    String name = orders.get(number).names.get(index);
    return name.startsWith("*.") ? name.substring(2) : name;
  }

  private Map<String, Object> authorization(int number, int index) {
    return Map.of(
        "status",
        orders.get(number).statuses[index],
        "identifier",
        Map.of("type", "dns", "value", domain(number, index)),
        "wildcard",
        orders.get(number).names.get(index).startsWith("*."),
        "challenges",
        List.of(challenge(number, index)));
  }

  private Map<String, Object> challenge(int number, int index) {
    Map<String, Object> said = new HashMap<>();
    said.put("type", "dns-01");
    said.put("url", url("/challenge/" + number + "/" + index));
    said.put("token", token(number, index));
    said.put("status", orders.get(number).statuses[index]);
    if (orders.get(number).statuses[index].equals("invalid")) {
      said.put(
          "error",
          Map.of(
              "type", "urn:ietf:params:acme:error:unauthorized", "detail", "no such text in DNS"));
    }
    return said;
  }

  private static String token(int number, int index) {
    return "token-%d-%d-0123456789abcdef".formatted(number, index);
  }

  /** RFC 8555, section 8.4. */
  private boolean isProved(int number, int index, Asked asked) throws Exception {
    String authorization = token(number, index) + "." + thumbprint(asked.key());
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(authorization.getBytes(StandardCharsets.US_ASCII));
    String wanted = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    return dns.apply("_acme-challenge." + domain(number, index)).contains(wanted);
  }

  private String issued(Order order, Asked asked) throws Exception {
    String csr = JsonNode.parser().parse(asked.payload()).field("csr").orElseThrow().asString();
    var request = new JcaPKCS10CertificationRequest(Base64.getUrlDecoder().decode(csr));
    Extensions extensions =
        Extensions.getInstance(
            request
                .getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)[0]
                .getAttrValues()
                .getObjectAt(0));
    Set<String> names = new HashSet<>();
    for (GeneralName name :
        GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName).getNames()) {
      names.add(name.getName().toString());
    }
    if (!order.status().equals("ready") || !names.equals(Set.copyOf(order.names))) {
      throw new IllegalStateException("asked for %s, ordered %s".formatted(names, order.names));
    }
    PublicKey key = request.getPublicKey();
    return Pem.of(issuer.certify(key, Duration.ofDays(30), order.names)) + issuer.chainPem();
  }

  private static void say(HttpExchange exchange, int status, Map<String, Object> json) {
    try {
      byte[] body = Json.object(json).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
