package warmfront.distribution;

/** What a viewer's handshake must offer at least; CloudFront's names of security policies. */
public enum TlsPolicy {
  TLS_1,
  TLS_1_2016,
  TLS_1_1_2016,
  TLS_1_2_2018,
  TLS_1_2_2019,
  TLS_1_2_2021,
  TLS_1_2_2025,
  TLS_1_3_2025
}
