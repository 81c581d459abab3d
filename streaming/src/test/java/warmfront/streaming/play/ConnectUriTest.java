package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;

/** Where connect commands lead. */
final class ConnectUriTest {
  @Test
  void the_host_is_that_of_the_url_and_the_application_that_of_app() {
    ConnectUri uri = of("rtmp://S1.Example.Net.:1935/cfx/st", "cfx/st").orElseThrow();

    assertThat(uri.host()).isEqualTo("s1.example.net");
    assertThat(uri.application()).isEqualTo("cfx");
    assertThat(uri.instance()).isEqualTo("st");
    assertThat(uri.is("st")).isTrue();
  }

  @Test
  void slashes_default_instances_and_queries_do_not_matter() {
    for (String app : List.of("cfx/st/", "/cfx/st", "cfx/st/_definst_", "cfx/st?key=value", "")) {
      ConnectUri uri = of("rtmpte://h/cfx/st?key=value", app).orElseThrow();
      assertThat(uri.application()).as(app).isEqualTo("cfx");
      assertThat(uri.is("st")).as(app).isTrue();
      assertThat(uri.query()).isEqualTo("key=value");
      assertThat(uri.text()).isEqualTo("rtmpte://h/cfx/st");
    }
  }

  @Test
  void other_instances_are_others() {
    assertThat(of("rtmp://h/cfx/other", "cfx/other").orElseThrow().is("st")).isFalse();
    assertThat(of("rtmp://h/cfx", "cfx").orElseThrow().is("st")).isFalse();
    assertThat(of("rtmp://h/cfx/st/x", "cfx/st/x").orElseThrow().is("st")).isFalse();
  }

  @Test
  void addresses_may_be_hosts() {
    assertThat(of("rtmp://[::1]:1935/cfx/st", "cfx/st").orElseThrow().host()).isEqualTo("[::1]");
    assertThat(of("rtmp://user:secret@h:1/cfx/st", "cfx/st").orElseThrow().host()).isEqualTo("h");
  }

  @Test
  void what_is_no_url_of_rtmp_leads_nowhere() {
    for (String url :
        List.of("", "h/cfx/st", "http://h/cfx/st", "://h", "rtmp://h\n/cfx", "rtmp://h /cfx")) {
      assertThat(of(url, "cfx/st")).as(url).isEmpty();
    }
    assertThat(of("rtmp://h/" + "x".repeat(ConnectUri.LENGTH_MAX), "cfx/st")).isEmpty();
  }

  @Test
  void a_command_without_an_object_leads_nowhere() {
    assertThat(ConnectUri.of(new Command(0, "connect", 1, List.of()))).isEmpty();
    assertThat(ConnectUri.of(new Command(0, "connect", 1, List.of(Amf.of(3))))).isEmpty();
  }

  private static Optional<ConnectUri> of(String tcUrl, String app) {
    SequencedMap<String, Amf> object = new LinkedHashMap<>();
    object.put("tcUrl", Amf.of(tcUrl));
    object.put("app", Amf.of(app));
    return ConnectUri.of(new Command(0, "connect", 1, List.of(Amf.of(object))));
  }
}
