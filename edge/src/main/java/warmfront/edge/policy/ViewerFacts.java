package warmfront.edge.policy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.CloudFrontHeader;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Client;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Hello;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tls;
import warmfront.http.Fields;

/**
 * What an edge knows of a viewer, as the headers that a route's policies name (CloudFront, "Add
 * CloudFront request headers"). They are made once, where the viewer is, and stand in the request
 * from then on: the key, the origin and other servers of the location take them from there. A fact
 * that is not known has no header.
 */
public final class ViewerFacts {
  /** CloudFront: a longer list of names is cut. */
  private static final int ORDER_CHARACTERS_MAX = 7_680;

  private final Request request;
  private final Atlas atlas;

  /** The request that failed, if this one is for the page in its place. */
  private final @Nullable Request failed;

  /** Who the viewer said it is, if its distribution asks for that. */
  private final Optional<Client> client;

  /** Whether it is the origin that judges the viewer's certificate. */
  private final boolean passes;

  private @Nullable Device device;
  private Atlas.@Nullable Spot spot;

  private ViewerFacts(Route route, Request request, Atlas atlas, @Nullable Request failed) {
    Optional<ClientCheck> asked = route.site().clients();
    this.client = asked.flatMap(_ -> request.tls()).flatMap(Tls::client);
    this.passes = asked.filter(check -> check.mode() == Mode.PASSTHROUGH).isPresent();
    this.request = request;
    this.atlas = atlas;
    this.failed = failed;
  }

  /**
   * Returns a request with the facts that are wanted of its viewer, and without what the viewer
   * itself said under their names; the same one if none is wanted.
   */
  public static Request told(Route route, Request request, Supplier<Atlas> atlas) {
    List<CloudFrontHeader> wanted = Plan.of(route).made();
    return wanted.isEmpty()
        ? request
        : new ViewerFacts(route, request, atlas.get(), null).told(wanted);
  }

  /** Returns the request for a page in the place of an error, as {@link #told} does. */
  static Request toldOfError(Route route, Request request, Request failed, Supplier<Atlas> atlas) {
    List<CloudFrontHeader> wanted = Plan.of(route).made();
    return wanted.isEmpty()
        ? request
        : new ViewerFacts(route, request, atlas.get(), failed).told(wanted);
  }

  /**
   * Returns a request as another server of the location may be told it: no fact in it is one that
   * the viewer made up.
   */
  public static Request genuine(Route route, Request request) {
    return Plan.of(route).made().isEmpty()
        ? request.withFields(request.fields().without(CloudFrontHeader::isReserved))
        : request;
  }

  private Request told(List<CloudFrontHeader> wanted) {
    Fields.Builder fields = request.fields().edit().removeIf(CloudFrontHeader::isReserved);
    for (CloudFrontHeader header : wanted) {
      String value = value(header);
      if (!value.isEmpty()) {
        fields.add(header.title(), value);
      }
    }
    return request.withFields(fields.build());
  }

  /** Returns what a header says; empty if it is not known. */
  private String value(CloudFrontHeader header) {
    return switch (header) {
      case ERROR_ARGS -> failed == null ? "" : Objects.requireNonNullElse(failed.query(), "");
      case ERROR_URI -> failed == null ? "" : failed.path();
      case FORWARDED_PROTO -> request.place().secure() ? "https" : "http";
      case IS_ANDROID_VIEWER -> String.valueOf(device().android());
      case IS_DESKTOP_VIEWER -> String.valueOf(device().desktop());
      case IS_IOS_VIEWER -> String.valueOf(device().ios());
      case IS_MOBILE_VIEWER -> String.valueOf(device().phone());
      case IS_SMARTTV_VIEWER -> String.valueOf(device().television());
      case IS_TABLET_VIEWER -> String.valueOf(device().tablet());
      case VIEWER_ADDRESS -> addressAndPort();
      case VIEWER_ASN -> system();
      case VIEWER_CERT_ISSUER ->
          encoded(client(shown -> ClientFields.name(shown.getIssuerX500Principal())));
      case VIEWER_CERT_PEM -> passes ? "" : client(ClientFields::pem);
      case VIEWER_CERT_PRESENT -> client.map(one -> one.leaf().isPresent() ? "1" : "0").orElse("");
      case VIEWER_CERT_SERIAL_NUMBER -> client(ClientFields::serialNumber);
      case VIEWER_CERT_SHA256 -> client(ClientFields::sha256);
      case VIEWER_CERT_SUBJECT ->
          encoded(client(shown -> ClientFields.name(shown.getSubjectX500Principal())));
      case VIEWER_CERT_VALIDITY -> client(ClientFields::validity);
      case VIEWER_CITY -> encoded(spot().city());
      case VIEWER_COUNTRY -> country();
      case VIEWER_COUNTRY_NAME -> encoded(CountryNames.BY_CODE.getOrDefault(country(), ""));
      case VIEWER_COUNTRY_REGION -> encoded(spot().region());
      case VIEWER_COUNTRY_REGION_NAME -> encoded(spot().regionName());
      case VIEWER_HEADER_COUNT -> String.valueOf(request.fields().size());
      case VIEWER_HEADER_ORDER -> order();
      case VIEWER_HTTP_VERSION -> request.protocol().logName().substring("HTTP/".length());
      case VIEWER_JA3_FINGERPRINT -> hello(Hello::ja3);
      case VIEWER_JA4_FINGERPRINT -> hello(Hello::ja4);
      case VIEWER_LATITUDE -> spot().latitude();
      case VIEWER_LONGITUDE -> spot().longitude();
      case VIEWER_METRO_CODE -> encoded(spot().metro());
      case VIEWER_POSTAL_CODE -> encoded(spot().postalCode());
      case VIEWER_TIME_ZONE -> encoded(spot().timeZone());
      case VIEWER_TLS -> request.tls().map(ViewerFacts::session).orElse("");
    };
  }

  private Device device() {
    @Nullable Device known = device;
    if (known == null) {
      known = Device.of(request.fields().value("User-Agent"));
      device = known;
    }
    return known;
  }

  private Atlas.Spot spot() {
    Atlas.@Nullable Spot known = spot;
    if (known == null) {
      known = atlas.spot(address());
      spot = known;
    }
    return known;
  }

  private InetAddress address() {
    return request.viewer().getAddress();
  }

  private String addressAndPort() {
    return address().isAnyLocalAddress() ? "" : text(address()) + ":" + request.viewer().getPort();
  }

  /** An address without the name of this machine's interface. */
  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = address instanceof Inet6Address ? text.indexOf('%') : -1;
    return zone < 0 ? text : text.substring(0, zone);
  }

  private String system() {
    int number = atlas.system(address());
    return number > 0 ? String.valueOf(number) : "";
  }

  private String country() {
    return atlas.country(address()).orElse("");
  }

  private String order() {
    Fields fields = request.fields();
    var names = new StringBuilder();
    for (int i = 0; i < fields.size() && names.length() < ORDER_CHARACTERS_MAX; i++) {
      names.append(i == 0 ? "" : ":").append(fields.nameAt(i));
    }
    names.setLength(Math.min(names.length(), ORDER_CHARACTERS_MAX));
    return names.toString();
  }

  private String hello(Function<Hello, String> fingerprint) {
    return request.tls().flatMap(Tls::hello).map(fingerprint).orElse("");
  }

  private String client(Function<X509Certificate, String> fact) {
    return client.flatMap(Client::leaf).map(fact).orElse("");
  }

  private static String session(Tls tls) {
    return tls.protocol() + ":" + tls.cipher() + ":" + tls.beginning().word();
  }

  /** CloudFront: what is not ASCII is percent-encoded (RFC 3986, section 2.1). */
  private static String encoded(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      return text;
    }
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7F) {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b));
      }
    }
    return encoded.toString();
  }

  /** The English names of countries, by code; made when one is asked for first. */
  private static final class CountryNames {
    static final Map<String, String> BY_CODE =
        Arrays.stream(Locale.getISOCountries())
            .collect(
                Collectors.toUnmodifiableMap(
                    code -> code, code -> Locale.of("", code).getDisplayCountry(Locale.ENGLISH)));

    private CountryNames() {}
  }
}
