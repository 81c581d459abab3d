package warmfront.edge.step;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer offered when it began a TLS session (RFC 8446, section 4.1.2), as far as programs
 * are told apart by it. What was put in only to keep servers tolerant (RFC 8701) is left out.
 * Thread-safe: fingerprints are made when they are asked for first, and any thread makes the same.
 */
public final class Hello {
  private static final int SERVER_NAME = 0;
  private static final int APPLICATION_PROTOCOLS = 16;
  private static final int SHOWN_MAX = 99;
  private static final int DIGITS = 12;

  private final int version;
  private final int[] ciphers;
  private final int[] extensions;
  private final Offers offers;
  private @Nullable String ja3;
  private @Nullable String ja4;

  /** What some extensions say, each in the viewer's order. Immutable. */
  public static final class Offers {
    private final int[] groups;
    private final int[] formats;
    private final int[] signatures;
    private final int[] versions;
    private final String protocol;

    /**
     * Takes what they say; empty where one is missing.
     *
     * @param groups groups for the key exchange (supported_groups)
     * @param formats forms of points on curves (ec_point_formats)
     * @param signatures algorithms of signatures (signature_algorithms)
     * @param versions versions of TLS (supported_versions)
     * @param protocol the first protocol that is offered on top (RFC 7301), a character for each
     *     byte
     */
    public Offers(int[] groups, int[] formats, int[] signatures, int[] versions, String protocol) {
      this.groups = ungreased(groups);
      this.formats = formats.clone();
      this.signatures = ungreased(signatures);
      this.versions = ungreased(versions);
      this.protocol = protocol;
    }
  }

  /**
   * Makes one.
   *
   * @param version what stands in the field that later versions ignore
   * @param ciphers cipher suites, in the viewer's order
   * @param extensions numbers of all extensions, in the viewer's order
   * @param offers what some of them say
   */
  public Hello(int version, int[] ciphers, int[] extensions, Offers offers) {
    this.version = version;
    this.ciphers = ungreased(ciphers);
    this.extensions = ungreased(extensions);
    this.offers = offers;
  }

  /** RFC 8701, section 2: both bytes are the same and end in A. */
  private static int[] ungreased(int[] values) {
    return Arrays.stream(values)
        .filter(value -> (value & 0x0F0F) != 0x0A0A || value >> 8 != (value & 0xFF))
        .toArray();
  }

  /**
   * Returns the JA3 fingerprint: the MD5 digest, in hexadecimal, of version, ciphers, extensions,
   * groups and formats, in decimal.
   */
  public String ja3() {
    @Nullable String known = ja3;
    if (known == null) {
      String text =
          String.join(
              ",",
              String.valueOf(version),
              joined(ciphers, "-", String::valueOf),
              joined(extensions, "-", String::valueOf),
              joined(offers.groups, "-", String::valueOf),
              joined(offers.formats, "-", String::valueOf));
      known = digest("MD5", text);
      ja3 = known;
    }
    return known;
  }

  /**
   * Returns the JA4 fingerprint of a viewer that came over TCP: what is offered and how much of it,
   * then digests of the sorted ciphers, and of the sorted extensions with the signatures.
   */
  public String ja4() {
    @Nullable String known = ja4;
    if (known == null) {
      known = "t" + outline() + "_" + ofCiphers() + "_" + ofExtensions();
      ja4 = known;
    }
    return known;
  }

  private String outline() {
    boolean named = Arrays.stream(extensions).anyMatch(number -> number == SERVER_NAME);
    return "%s%s%02d%02d%s"
        .formatted(
            versionDigits(),
            named ? "d" : "i",
            Math.min(ciphers.length, SHOWN_MAX),
            Math.min(extensions.length, SHOWN_MAX),
            protocolEnds());
  }

  private String versionDigits() {
    return switch (Arrays.stream(offers.versions).max().orElse(version)) {
      case 0x0304 -> "13";
      case 0x0303 -> "12";
      case 0x0302 -> "11";
      case 0x0301 -> "10";
      case 0x0300 -> "s3";
      default -> "00";
    };
  }

  /** The first and last character, or where one is no letter or digit, hexadecimal digit. */
  private String protocolEnds() {
    String protocol = offers.protocol;
    if (protocol.isEmpty()) {
      return "00";
    }
    char first = protocol.charAt(0);
    char last = protocol.charAt(protocol.length() - 1);
    return isAlphanumeric(first) && isAlphanumeric(last)
        ? "" + first + last
        : "%02x".formatted((int) first).substring(0, 1) + "%02x".formatted((int) last).substring(1);
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private String ofCiphers() {
    return shortened(joined(sorted(Arrays.stream(ciphers)), ",", Hello::hex));
  }

  private String ofExtensions() {
    IntStream counted =
        Arrays.stream(extensions)
            .filter(number -> number != SERVER_NAME && number != APPLICATION_PROTOCOLS);
    String text = joined(sorted(counted), ",", Hello::hex);
    String signatures = joined(offers.signatures, ",", Hello::hex);
    return shortened(text.isEmpty() || signatures.isEmpty() ? text : text + "_" + signatures);
  }

  private static int[] sorted(IntStream values) {
    return values.sorted().toArray();
  }

  private static String hex(int value) {
    return "%04x".formatted(value);
  }

  private static String joined(int[] values, String between, IntFunction<String> form) {
    return Arrays.stream(values).mapToObj(form).collect(Collectors.joining(between));
  }

  private static String shortened(String text) {
    return text.isEmpty() ? "0".repeat(DIGITS) : digest("SHA-256", text).substring(0, DIGITS);
  }

  private static String digest(String algorithm, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has " + algorithm, missing);
    }
  }
}
