package warmfront.distribution;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The headers by which an edge tells an origin what it knows of the viewer, where a policy names
 * them (CloudFront, "Add CloudFront request headers").
 */
public enum CloudFrontHeader {
  ERROR_ARGS("CloudFront-Error-Args", false),
  ERROR_URI("CloudFront-Error-Uri", false),
  FORWARDED_PROTO("CloudFront-Forwarded-Proto", true),
  IS_ANDROID_VIEWER("CloudFront-Is-Android-Viewer", true),
  IS_DESKTOP_VIEWER("CloudFront-Is-Desktop-Viewer", true),
  IS_IOS_VIEWER("CloudFront-Is-IOS-Viewer", true),
  IS_MOBILE_VIEWER("CloudFront-Is-Mobile-Viewer", true),
  IS_SMARTTV_VIEWER("CloudFront-Is-SmartTV-Viewer", true),
  IS_TABLET_VIEWER("CloudFront-Is-Tablet-Viewer", true),
  VIEWER_ADDRESS("CloudFront-Viewer-Address", false),
  VIEWER_ASN("CloudFront-Viewer-ASN", false),
  VIEWER_CERT_ISSUER("CloudFront-Viewer-Cert-Issuer", true),
  VIEWER_CERT_PEM("CloudFront-Viewer-Cert-Pem", false),
  VIEWER_CERT_PRESENT("CloudFront-Viewer-Cert-Present", true),
  VIEWER_CERT_SERIAL_NUMBER("CloudFront-Viewer-Cert-Serial-Number", true),
  VIEWER_CERT_SHA256("CloudFront-Viewer-Cert-Sha256", true),
  VIEWER_CERT_SUBJECT("CloudFront-Viewer-Cert-Subject", true),
  VIEWER_CERT_VALIDITY("CloudFront-Viewer-Cert-Validity", false),
  VIEWER_CITY("CloudFront-Viewer-City", true),
  VIEWER_COUNTRY("CloudFront-Viewer-Country", true),
  VIEWER_COUNTRY_NAME("CloudFront-Viewer-Country-Name", true),
  VIEWER_COUNTRY_REGION("CloudFront-Viewer-Country-Region", true),
  VIEWER_COUNTRY_REGION_NAME("CloudFront-Viewer-Country-Region-Name", true),
  VIEWER_HEADER_COUNT("CloudFront-Viewer-Header-Count", false),
  VIEWER_HEADER_ORDER("CloudFront-Viewer-Header-Order", false),
  VIEWER_HTTP_VERSION("CloudFront-Viewer-Http-Version", true),
  VIEWER_JA3_FINGERPRINT("CloudFront-Viewer-JA3-Fingerprint", false),
  VIEWER_JA4_FINGERPRINT("CloudFront-Viewer-JA4-Fingerprint", false),
  VIEWER_LATITUDE("CloudFront-Viewer-Latitude", true),
  VIEWER_LONGITUDE("CloudFront-Viewer-Longitude", true),
  VIEWER_METRO_CODE("CloudFront-Viewer-Metro-Code", true),
  VIEWER_POSTAL_CODE("CloudFront-Viewer-Postal-Code", true),
  VIEWER_TIME_ZONE("CloudFront-Viewer-Time-Zone", true),
  VIEWER_TLS("CloudFront-Viewer-TLS", false);

  /** What the names of all of them begin with, and of no other header's. */
  public static final String PREFIX = "CloudFront-";

  private static final Map<String, CloudFrontHeader> BY_NAME =
      Arrays.stream(values())
          .collect(
              Collectors.toUnmodifiableMap(
                  header -> header.title.toLowerCase(Locale.ROOT), header -> header));

  private final String title;
  private final boolean key;

  CloudFrontHeader(String title, boolean key) {
    this.title = title;
    this.key = key;
  }

  /** Returns its name, as origins see it. */
  public String title() {
    return title;
  }

  /** Returns whether it may be in the cache key. */
  public boolean mayBeKey() {
    return key;
  }

  /** Returns the header of a name, without regard to case; empty if there is none. */
  public static Optional<CloudFrontHeader> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Returns whether a name is one that only an edge may say, be it one of these or not. */
  public static boolean isReserved(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }
}
