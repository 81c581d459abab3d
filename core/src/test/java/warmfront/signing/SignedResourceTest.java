package warmfront.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignedResourceTest {
  @ParameterizedTest
  @CsvSource({
    "*, true",
    "https://d1.example.net/a/b.jpg?x=1&y=2, true",
    "http://d1.example.net/a/b.jpg?x=1&y=2, false",
    "http*://d1.example.net/a/b.jpg?x=1&y=2, true",
    "*://D1.Example.net/a/b.jpg?x=1&y=2, true",
    "d1.example.net/a/b.jpg?x=1&y=2, true",
    "https://d1.example.net/a/b.jpg, false",
    "https://d1.example.net/a/*, true",
    "https://d1.example.net/a/*?x=1, false",
    "https://d1.example.net/a/*?x=*, true",
    "https://d1.example.net/a/*\\?x=*, true",
    "https://d1.example.net/a/?.jpg?*, true",
    "https://d1.example.net/a/?.jpg\\?x=?&y=?, true",
    "https://d1.example.net/a/?.gif?*, false",
    "https://*.example.net/a/b.jpg?*, true",
    "https://*.example.com/a/b.jpg?*, false",
    "https://d1.example.*, true",
    "https://d1.example.net, false",
    "https://d?.example.net/*, true",
    "https://d1.*/b.jpg?*, false",
    "https://*b.jpg?*, false",
  })
  void wildcards_stay_in_their_section(String pattern, boolean matches) {
    SignedResource asked = new SignedResource.Url("https", "d1.example.net", "/a/b.jpg", "x=1&y=2");

    assertThat(asked.matches(pattern)).isEqualTo(matches);
  }

  @Test
  void a_url_is_named_as_it_is() {
    assertThat(new SignedResource.Url("http", "D1.example.net", "/a%20b", "").names())
        .containsExactly("http://D1.example.net/a%20b");
  }

  @Test
  void a_port_need_not_be_named() {
    SignedResource asked = new SignedResource.Url("http", "d1.example.net:8080", "/a", "");

    assertThat(asked.names())
        .containsExactly("http://d1.example.net:8080/a", "http://d1.example.net/a");
    assertThat(asked.matches("http://d1.example.net/*")).isTrue();
    assertThat(asked.matches("http://d1.example.net:8080/*")).isTrue();
    assertThat(asked.matches("http://d1.example.net:80/*")).isFalse();
  }

  @Test
  void a_stream_has_a_name_with_and_one_without_extension() {
    assertThat(StreamName.of("mp3:a.b/song").resource().names())
        .containsExactly("a.b/song", "a.b/song.mp3");
    assertThat(StreamName.of("film").resource().names()).containsExactly("film", "film.flv");
    assertThat(StreamName.of("mp4:film.m4v").resource().names())
        .containsExactly("film.m4v", "film");
    assertThat(StreamName.of("odd:film").prefix()).isEmpty();
    assertThat(StreamName.of("mp4:a?b=c"))
        .isEqualTo(new StreamName("mp4", "a", "b=c", new Presented.Nothing()));
  }

  @Test
  void json_is_read_as_far_as_policies_have_it() {
    assertThat(Json.parse(" {\"a\" : [1, \"\\u0041\\/\\?\\\\\\n\", {}], \"b\":[]} "))
        .isEqualTo(Map.of("a", List.of(1L, "A/\\?\\\n", Map.of()), "b", List.of()));
    for (String text :
        new String[] {
          "",
          "{",
          "[1,]",
          "{\"a\"}",
          "{\"a\":1,\"a\":2}",
          "01",
          "-1",
          "1.5",
          "true",
          "null",
          "\"\\x\"",
          "\"\\u00\"",
          "\"\n\"",
          "\"a",
          "1 2",
          "9223372036854775808",
          "[".repeat(10)
        }) {
      assertThatThrownBy(() -> Json.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void networks_have_a_length_or_are_one_address() {
    AccessPolicy.Network all = AccessPolicy.Network.parse("0.0.0.0/0");
    AccessPolicy.Network one = AccessPolicy.Network.parse("203.0.113.255");

    assertThat(all.contains(java.net.InetAddress.ofLiteral("203.0.113.255"))).isTrue();
    assertThat(one.contains(java.net.InetAddress.ofLiteral("203.0.113.255"))).isTrue();
    assertThat(one.contains(java.net.InetAddress.ofLiteral("203.0.113.254"))).isFalse();
    for (String text : new String[] {"", "1.2.3", "256.0.0.1", "1.2.3.4/33", "::/0", "1.2.3.4/"}) {
      assertThatThrownBy(() -> AccessPolicy.Network.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
