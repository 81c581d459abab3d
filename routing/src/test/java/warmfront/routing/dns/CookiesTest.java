package warmfront.routing.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;
import warmfront.time.ManualClock;

/** Cookies: the test vectors of RFC 9018, appendix A, and what a proof is good for. */
final class CookiesTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Optional<SecretKey> FLEET =
      Optional.of(new SecretKeySpec(new byte[32], "HmacSHA256"));
  private static final String CLIENT = "2464c4abcf10c957";

  private final SmallZone zone = new SmallZone();

  @ParameterizedTest
  @CsvSource({
    "e5e973e5a6b2a43f48e7dc849e37bfcf,198.51.100.100,2464c4abcf10c957,1559731985,"
        + "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    "e5e973e5a6b2a43f48e7dc849e37bfcf,198.51.100.100,2464c4abcf10c957,1559734385,"
        + "2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
    "445536bcd2513298075a5d379663c962,2001:db8:220:1:59de:d0f4:8769:82b8,22681ab97d52c298,"
        + "1559741961,22681ab97d52c298010000005cf7c609a6bb79d16625507a"
  })
  void a_cookie_is_made_as_RFC_9018_says(
      String secret, String address, String client, int seconds, String cookie) {
    byte[] made = new byte[Cookies.BYTES];

    cookies(secret, secret)
        .write(HEX.parseHex(client), 0, false, client(address), seconds, made, 0);

    assertThat(HEX.formatHex(made)).isEqualTo(cookie);
    assertThat(proves(secret, secret, address, cookie, seconds)).isTrue();
  }

  /** Appendix A.3: reserved bytes that are not 0 are part of what is hashed. A.4: a new secret. */
  @Test
  void cookies_of_others_of_the_fleet_and_of_the_secret_before_are_taken() {
    String secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    String old = "dd3bdf9344b678b185a6f5cb60fca715";
    String now = "445536bcd2513298075a5d379663c962";
    String six = "2001:db8:220:1:59de:d0f4:8769:82b8";
    String made = "22681ab97d52c298010000005cf7c57926556bd0934c72f8";

    assertThat(
            proves(
                secret,
                secret,
                "203.0.113.203",
                "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
                1559728000))
        .isTrue();
    assertThat(proves(now, old, six, made, 1559741961)).isTrue();
    assertThat(proves(now, now, six, made, 1559741961)).isFalse();
  }

  @Test
  void a_cookie_is_good_for_an_hour_of_its_address_alone() {
    String secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    String cookie = "2464c4abcf10c957010000005cf79f111f8130c3eee29480";
    int made = 1559731985;
    String at = "198.51.100.100";

    assertThat(proves(secret, secret, at, cookie, made + 3600)).isTrue();
    assertThat(proves(secret, secret, at, cookie, made + 3601)).isFalse();
    assertThat(proves(secret, secret, at, cookie, made - 300)).isTrue();
    assertThat(proves(secret, secret, at, cookie, made - 301)).isFalse();
    assertThat(proves(secret, secret, "198.51.100.101", cookie, made)).isFalse();
    assertThat(proves(secret, secret, at, cookie.replace("94", "95"), made)).isFalse();
    assertThat(proves(secret, secret, at, cookie.replace("c95701", "c95702"), made)).isFalse();
  }

  @Test
  void who_sends_back_a_cookie_gets_whole_answers_over_UDP() throws IOException {
    Message first = zone.udp(SmallZone.query(SmallZone.D1, Type.AAAA, cookie(CLIENT)));
    byte[] given = cookie(first);
    Message second = zone.udp(SmallZone.query(SmallZone.D1, Type.AAAA, cookie(given)));
    Message missing = zone.udp(SmallZone.query("x.cdn.example.net.", Type.A, cookie(given)));
    byte[] forged = given.clone();
    forged[23] ^= 1;
    Message third = zone.udp(SmallZone.query(SmallZone.D1, Type.AAAA, cookie(forged)));

    assertThat(given).hasSize(24).startsWith(HEX.parseHex(CLIENT));
    assertThat(first.getSection(Section.ANSWER)).hasSizeLessThan(4);
    assertThat(second.getSection(Section.ANSWER)).hasSize(4);
    assertThat(cookie(second)).isEqualTo(given);
    assertThat(missing.getSection(Section.AUTHORITY)).hasSize(1);
    assertThat(third.getSection(Section.ANSWER)).hasSizeLessThan(4);
    assertThat(cookie(third)).isEqualTo(given);
  }

  @Test
  void a_cookie_is_renewed_after_half_an_hour_and_outlives_the_secret() throws IOException {
    byte[] given = cookie(zone.udp(SmallZone.query(SmallZone.D1, Type.A, cookie(CLIENT))));
    zone.clock.advance(Duration.ofMinutes(30));
    byte[] same = cookie(zone.udp(SmallZone.query(SmallZone.D1, Type.A, cookie(given))));
    zone.clock.advance(Duration.ofSeconds(1));
    byte[] renewed = cookie(zone.udp(SmallZone.query(SmallZone.D1, Type.A, cookie(given))));

    assertThat(same).isEqualTo(given);
    assertThat(renewed).isNotEqualTo(given).startsWith(HEX.parseHex(CLIENT + "01000000"));
  }

  @Test
  void servers_of_a_fleet_take_one_anothers_cookies_and_strangers_do_not() throws IOException {
    SmallZone one = new SmallZone(FLEET, new Random(1));
    SmallZone other = new SmallZone(FLEET, new Random(2));
    SmallZone stranger = new SmallZone(Optional.empty(), new Random(3));

    byte[] given = cookie(one.udp(SmallZone.query(SmallZone.D1, Type.A, cookie(CLIENT))));

    assertThat(addresses(one, given)).isEqualTo(4);
    assertThat(addresses(other, given)).isEqualTo(4);
    assertThat(addresses(stranger, given)).isLessThan(4);
  }

  @Test
  void keys_change_at_midnight_and_those_of_the_day_before_and_after_are_taken() {
    ManualClock clock = new ManualClock(Instant.parse("2026-11-29T00:00:00Z"));
    CookieSecret secret = new CookieSecret(() -> FLEET, new Random(1), clock);
    CookieSecret.Keys first = secret.keys();

    clock.advance(Duration.ofDays(1).minusMillis(1));
    secret.renew();
    assertThat(secret.keys()).isEqualTo(first);

    clock.advance(Duration.ofMillis(1));
    secret.renew();
    CookieSecret.Keys second = secret.keys();
    assertThat(second.previous()).isEqualTo(first.current());
    assertThat(second.current()).isEqualTo(first.next());
    assertThat(Set.of(second.current(), second.previous(), second.next())).hasSize(3);
  }

  @Test
  void a_secret_of_the_fleet_takes_the_place_of_ones_own_as_soon_as_it_is_known() {
    AtomicReference<Optional<SecretKey>> known = new AtomicReference<>(Optional.empty());
    CookieSecret secret = new CookieSecret(known::get, new Random(1), zone.clock);
    CookieSecret other = new CookieSecret(() -> FLEET, new Random(2), zone.clock);
    assertThat(secret.keys()).isNotEqualTo(other.keys());

    known.set(FLEET);
    secret.renew();

    assertThat(secret.keys()).isEqualTo(other.keys());
  }

  private static int addresses(SmallZone zone, byte[] cookie) throws IOException {
    Message reply = zone.udp(SmallZone.query(SmallZone.D1, Type.AAAA, cookie(cookie)));
    return reply.getSection(Section.ANSWER).size();
  }

  @Test
  void a_cookie_can_be_asked_for_without_a_question() throws IOException {
    Message query = new Message(7);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(cookie(CLIENT))), Section.ADDITIONAL);

    byte[] bytes = zone.respond(query.toWire(), Transport.UDP);

    assertThat(bytes.length).isLessThanOrEqualTo(query.toWire().length * 3 / 2);
    Message reply = new Message(bytes);
    assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(cookie(reply)).hasSize(24);
  }

  /** RFC 7873, 5.2.2. */
  @ParameterizedTest
  @ValueSource(ints = {0, 7, 9, 15, 41})
  void a_cookie_of_no_such_length_is_malformed(int length) throws IOException {
    Message reply = zone.udp(SmallZone.query(SmallZone.D1, Type.A, cookie(new byte[length])));

    assertThat(reply.getRcode()).isEqualTo(Rcode.FORMERR);
  }

  static EDNSOption cookie(String hex) {
    return cookie(HEX.parseHex(hex));
  }

  private static EDNSOption cookie(byte[] bytes) {
    return new GenericEDNSOption(10, bytes);
  }

  private static byte[] cookie(Message reply) throws IOException {
    byte[] option = reply.getOPT().getOptions(10).getFirst().toWire();
    return java.util.Arrays.copyOfRange(option, 4, option.length);
  }

  private static Cookies cookies(String current, String previous) {
    CookieSecret.Keys keys =
        new CookieSecret.Keys(
            CookieSecret.Key.of(HEX.parseHex(current)),
            CookieSecret.Key.of(HEX.parseHex(previous)),
            CookieSecret.Key.of(new byte[16]));
    return new Cookies(() -> keys);
  }

  private static Client client(String address) {
    Client client = new Client();
    client.set(InetAddress.ofLiteral(address));
    return client;
  }

  private static boolean proves(
      String current, String previous, String address, String cookie, int seconds) {
    byte[] bytes = HEX.parseHex(cookie);
    return cookies(current, previous).prove(bytes, 0, bytes.length, client(address), seconds);
  }
}
