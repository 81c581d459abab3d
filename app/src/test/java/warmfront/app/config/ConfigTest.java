package warmfront.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.control.api.Quota;

final class ConfigTest {
  @Test
  void an_empty_file_has_every_default() throws Exception {
    Config config = Config.parse("");

    assertThat(config.api().url(7400)).hasToString("http://127.0.0.1:7400");
    assertThat(config.dns().listen()).hasToString("[127.0.0.1:7453]");
    assertThat(config.locations())
        .extracting(place -> place.location().id() + " " + place.address())
        .containsExactly(
            "CMH 127.0.0.1", "FRA 127.0.0.2", "NRT 127.0.0.3", "GRU 127.0.0.4", "SYD 127.0.0.5");
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void quotas_go_by_name() throws Exception {
    Config config = Config.parse("api: {quotas: {keyGroups: 77}}");

    assertThat(config.quotas().of(Quota.KEY_GROUPS)).isEqualTo(77);
    assertThat(config.quotas().of(Quota.DISTRIBUTIONS)).isEqualTo(500);
    assertThatThrownBy(() -> Config.parse("api: {quotas: {keyGroup: 77}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.quotas.keyGroup: is not a known key")
        .hasMessageContaining("did you mean api.quotas.keyGroups?");
    assertThatThrownBy(() -> Config.parse("api: {quotas: {keyGroups: 0}}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.quotas.keyGroups");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "listen: '127.0.0.1:7400' | http://127.0.0.1:7400",
        "listen: '[::1]:7400' | http://[::1]:7400",
        "listen: 'localhost:7400' | http://localhost:7400",
        "listen: '192.0.2.1:7400' | https://192.0.2.1:7400",
        "listen: '0.0.0.0:7400' | https://127.0.0.1:7400",
        "listen: '[::]:7400' | https://127.0.0.1:7400",
        "listen: '0.0.0.0:7400', advertise: 'api.example.net:443' | https://api.example.net:443",
        "listen: '192.0.2.1:7400', plain: true | http://192.0.2.1:7400",
        "listen: '127.0.0.1:7400', certificate: a.pem, key: a.key | https://127.0.0.1:7400",
      })
  void beyond_loopback_the_api_is_within_tls_unless_it_is_said_otherwise(String api, String url)
      throws Exception {
    assertThat(Config.parse("api: {" + api + "}").api().url(7400)).hasToString(url);
  }

  @Test
  void what_the_file_says_is_read() throws Exception {
    Config config =
        Config.parse(
            """
            zone: {name: cdn.example, ttl: 30 s}
            dns:
              listen: ["127.0.0.1:7453", "[::1]:7453"]
            edge:
              memory: 2 GiB
            locations:
              - {code: OSL, country: "NO", latitude: 59.9, longitude: 10.7, address: 192.0.2.1}
            origins:
              privateAllowed: 10.0.0.0/8
              s3:
                - suffix: s3.eu-north-1.amazonaws.com
                  endpoint: https://minio.example:9000
                  credentials: {accessKeyId: AK, secretAccessKey: hidden}
            """);

    assertThat(config.zone().name()).isEqualTo("cdn.example");
    assertThat(config.dns().listen().get(1)).isEqualTo(new Endpoint("::1", 7453));
    assertThat(config.edge().memoryBytes()).isEqualTo(2L << 30);
    assertThat(config.locations())
        .singleElement()
        .extracting(Config.Place::address)
        .isEqualTo("192.0.2.1");
    assertThat(config.origins().privateAllowed()).containsExactly("10.0.0.0/8");
    assertThat(config.origins().s3().toString()).contains("minio.example").doesNotContain("hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apii: {listen: x} | line 1: apii: is not a known key; did you mean api?",
        "api: {listn: 'a:1'} | line 1: api.listn: is not a known key; did you mean api.listen?",
        "api: {listen: here} | line 1: api.listen: expected ADDRESS:PORT, not here",
        "api: {listen: 'a:99999'} | line 1: api.listen: a port is 0 to 65535: 99999",
        "api: 7400 | line 1: api: expected keys and values",
        "api: {certificate: a.pem} | line 1: api.key: a certificate and its key go together",
        "api: {key: a.key} | line 1: api.certificate: a certificate and its key go together",
        "api: {plain: true, certificate: a, key: b} | line 1: api.plain: a certificate is for TLS",
        "edge: {memory: 12} | line 1: edge.memory: expected a size such as 256 MiB, not 12",
        "viewers: {http: 70000} | line 1: viewers.http: 70000 is not in 0 to 65535",
        "drain: soon | line 1: drain: expected a length of time such as 60 s, not soon",
        "zone: {caa: 'lets encrypt'} | line 1: zone.caa: expected an issuer such as letsencrypt.org",
        "zone: {caa: ''} | line 1: zone.caa: expected an issuer such as letsencrypt.org",
        "zone: {caa: [a,b,c,d,e,f,g,h,i]} | line 1: zone.caa: names 8 issuers at most",
        "dns: {repliesPerSecond: 0} | line 1: dns.repliesPerSecond: 0 is not in 1 to 10000000",
        "dns: {idle: 99 ms} | line 1: dns.idle: ",
        "log: {format: xml} | line 1: log.format: expected one of [text, json], not xml",
        "store: mysql | line 1: store: expected sqlite or postgresql://HOST/DATABASE",
        "store: 'postgresql://u:p@h:1,h:2' | line 1: store: expected postgresql://USER:PASSWORD@HOST",
        "locations: [{code: OSL}] | line 1: locations[].country: is missing",
        "a: [ | line 1: not YAML",
        "drain: 1 s\\ndrain: 2 s | line 2: drain: is given twice",
      })
  void a_mistake_is_named_with_its_line(String yaml, String message) {
    assertThatThrownBy(() -> Config.parse(yaml.replace("\\n", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void the_documentation_has_every_key_with_its_default() throws Exception {
    Map<String, String> documented = documented();
    Map<String, String> known = new TreeMap<>(Config.keys());
    known.keySet().removeIf(key -> isSection(key, known));

    assertThat(documented).isEqualTo(known);
  }

  private static boolean isSection(String key, Map<String, String> known) {
    return known.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
  }

  private static Map<String, String> documented() throws IOException {
    Path home = Path.of("").toAbsolutePath();
    Path docs = Files.exists(home.resolve("docs")) ? home : home.resolve("..");
    Pattern row = Pattern.compile("\\| `([A-Za-z0-9.]+)` \\| (?:`([^`]*)`)? ?\\|.*");
    Map<String, String> found = new TreeMap<>();
    for (String line : Files.readAllLines(docs.resolve("docs/configuration.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        found.put(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
      }
    }
    return found;
  }
}
