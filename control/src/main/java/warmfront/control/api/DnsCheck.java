package warmfront.control.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.cloudfront.model.DnsConfiguration;

/**
 * Whether domains point to where their viewers come in.
 *
 * @param zone whose names DNS of our own answers, as soon as a tenant has them
 * @param pointers says where others point
 */
record DnsCheck(String zone, DomainPointers pointers) {
  private static final String VALID = "valid-configuration";
  private static final String INVALID = "invalid-configuration";
  private static final String UNKNOWN = "unknown-configuration";

  /**
   * Looks up domains; each waits for DNS by itself.
   *
   * @param endpoint the name that they are to point to
   */
  List<DnsConfiguration> of(List<String> domains, String endpoint) {
    try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<DnsConfiguration>> all =
          domains.stream()
              .map(domain -> CompletableFuture.supplyAsync(() -> of(domain, endpoint), waiting))
              .toList();
      return all.stream().map(CompletableFuture::join).toList();
    }
  }

  private DnsConfiguration of(String domain, String endpoint) {
    if (domain.endsWith("." + zone)) {
      return said(domain, VALID, "DNS of the zone answers it as " + endpoint);
    }
    return switch (pointers.of(domain)) {
      case DomainPointers.Alias(String target) when target.equals(endpoint) ->
          said(domain, VALID, "it points to " + endpoint);
      case DomainPointers.Alias(String target) ->
          said(domain, INVALID, "it points to %s, not to %s".formatted(target, endpoint));
      case DomainPointers.None _ ->
          said(domain, INVALID, "it has no CNAME record; it is to point to " + endpoint);
      case DomainPointers.Unknown(String why) ->
          said(domain, UNKNOWN, "DNS does not answer: " + why);
    };
  }

  private static DnsConfiguration said(String domain, String status, String reason) {
    return DnsConfiguration.builder().domain(domain).status(status).reason(reason).build();
  }
}
