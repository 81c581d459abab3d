package warmfront.edge.viewer;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import java.util.ArrayList;
import java.util.List;
import warmfront.distribution.TlsPolicy;

/**
 * What may be agreed on in a handshake, the server's preference first (CloudFront, "Supported
 * protocols and ciphers between viewers and CloudFront"). BoringSSL has none of CBC with SHA-256 or
 * SHA-384, nor triple DES, and lets nobody choose among the ciphers of TLS 1.3.
 *
 * @param protocols versions of TLS
 * @param ciphers their suites, by IANA's names
 */
record TlsRules(List<String> protocols, List<String> ciphers) {
  /** Groups for the key exchange, in the order of preference; the first is of TLS 1.3 alone. */
  private static final List<String> GROUPS =
      List.of("X25519MLKEM768", "x25519", "secp256r1", "secp384r1");

  private static final List<String> OF_TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
  private static final List<String> GCM =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  private static final List<String> CHACHA =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
  private static final List<String> CBC =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
  private static final List<String> RSA_GCM =
      List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384");
  private static final List<String> RSA_CBC =
      List.of("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");

  private static final String TLS_1 = "TLSv1";
  private static final String TLS_1_1 = "TLSv1.1";
  private static final String TLS_1_2 = "TLSv1.2";
  private static final String TLS_1_3 = "TLSv1.3";

  /** Those of the zone's own names: what is not broken, whatever the viewer. */
  static final TlsRules ZONE = new TlsRules(List.of(TLS_1_3, TLS_1_2), Http2SecurityUtil.CIPHERS);

  /** Returns the groups for the key exchange, as BoringSSL names them. */
  static String[] groups() {
    return GROUPS.toArray(String[]::new);
  }

  /** Returns the rules of a security policy. */
  static TlsRules of(TlsPolicy policy) {
    return switch (policy) {
      case TLS_1, TLS_1_2016 -> old(List.of(TLS_1_3, TLS_1_2, TLS_1_1, TLS_1));
      case TLS_1_1_2016 -> old(List.of(TLS_1_3, TLS_1_2, TLS_1_1));
      case TLS_1_2_2018 -> of(List.of(TLS_1_3, TLS_1_2), List.of(GCM, CHACHA, RSA_GCM));
      case TLS_1_2_2019, TLS_1_2_2021 -> of(List.of(TLS_1_3, TLS_1_2), List.of(GCM, CHACHA));
      case TLS_1_2_2025 -> of(List.of(TLS_1_3, TLS_1_2), List.of(GCM));
      case TLS_1_3_2025 -> of(List.of(TLS_1_3), List.of());
    };
  }

  private static TlsRules old(List<String> protocols) {
    return of(protocols, List.of(GCM, CHACHA, CBC, RSA_GCM, RSA_CBC));
  }

  private static TlsRules of(List<String> protocols, List<List<String>> older) {
    List<String> ciphers = new ArrayList<>(OF_TLS_1_3);
    older.forEach(ciphers::addAll);
    return new TlsRules(protocols, List.copyOf(ciphers));
  }
}
