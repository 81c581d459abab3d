package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeviceTest {
  private static final String WEBKIT = " AppleWebKit/605.1.15 (KHTML, like Gecko) ";

  private static List<String> words(Device device) {
    List<String> words = new ArrayList<>();
    if (device.android()) {
      words.add("android");
    }
    if (device.ios()) {
      words.add("ios");
    }
    if (device.phone()) {
      words.add("phone");
    }
    if (device.tablet()) {
      words.add("tablet");
    }
    if (device.television()) {
      words.add("tv");
    }
    if (device.desktop()) {
      words.add("desktop");
    }
    return words;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) … Chrome/126.0 Safari/537.36 | desktop",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) … Version/17.5 Safari/605.1.15 | desktop",
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0 | desktop",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) … Mobile/15E148 | ios phone",
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) … Mobile/15E148 Safari | ios tablet",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) … Mobile Safari/537.36 | android phone",
        "Mozilla/5.0 (Linux; Android 13; SM-X706B) … Safari/537.36 | android tablet",
        "Mozilla/5.0 (Linux; Android 9; KFMAWI) … Silk/108.4 like Chrome | android tablet",
        "Mozilla/5.0 (Linux; Android 7.1; AFTS Build/NS6271) … Silk/86 | android tv",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) … Chrome/94 Safari/537.36 | tv",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) … Version/6.0 TV Safari | tv",
        "Roku/DVP-12.0 (12.0.0.4182-29) | tv",
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0; Lumia 950) … Mobile … iPhone | phone",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80) | phone",
        "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0 | android phone",
        "curl/8.5.0 | desktop",
      })
  void a_device_is_what_its_user_agent_says(String agent, String expected) {
    assertThat(words(Device.of(agent.replace(" … ", WEBKIT)))).containsExactly(expected.split(" "));
  }

  @Test
  void who_says_nothing_is_a_desktop() {
    assertThat(words(Device.of(null))).containsExactly("desktop");
    assertThat(words(Device.of(""))).containsExactly("desktop");
  }

  @Test
  void only_the_beginning_of_a_long_user_agent_is_looked_at() {
    assertThat(words(Device.of("x".repeat(1024) + " iPhone"))).containsExactly("desktop");
    assertThat(words(Device.of("x".repeat(1010) + " iPhone"))).containsExactly("ios", "phone");
  }
}
