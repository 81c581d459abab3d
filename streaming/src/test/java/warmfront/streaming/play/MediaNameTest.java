package warmfront.streaming.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What viewers may call streams, and where the objects are. */
final class MediaNameTest {
  @Test
  void a_prefix_names_the_container_and_stands_for_its_extension() {
    assertThat(paths("mp4:videos/film")).containsExactly("/videos/film.mp4", "/videos/film");
    assertThat(paths("mp3:song")).containsExactly("/song.mp3", "/song");
    assertThat(paths("flv:clip")).containsExactly("/clip.flv", "/clip");
    assertThat(paths("clip")).containsExactly("/clip.flv", "/clip");
  }

  @Test
  void an_extension_of_the_container_is_enough() {
    assertThat(paths("mp4:a/b.mp4")).containsExactly("/a/b.mp4");
    assertThat(paths("mp4:a/b.F4V")).containsExactly("/a/b.F4V");
    assertThat(paths("mp3:song.mp3")).containsExactly("/song.mp3");
    assertThat(paths("clip.flv")).containsExactly("/clip.flv");
    assertThat(paths("film.mp4")).containsExactly("/film.mp4");
  }

  @Test
  void another_dot_is_no_extension() {
    assertThat(paths("mp4:film.v2")).containsExactly("/film.v2.mp4", "/film.v2");
    assertThat(paths("mp4:season.mp4/film"))
        .containsExactly("/season.mp4/film.mp4", "/season.mp4/film");
  }

  @Test
  void slashes_in_front_are_not_of_the_key() {
    assertThat(paths("/clip.flv")).containsExactly("/clip.flv");
    assertThat(paths("mp4://a/b.mp4")).containsExactly("/a/b.mp4");
  }

  @Test
  void a_query_is_cut_off_and_kept() {
    MediaName name = MediaName.of("mp4:a.mp4?Expires=1&Signature=x~-_").orElseThrow();

    assertThat(name.given()).isEqualTo("mp4:a.mp4");
    assertThat(name.query()).isEqualTo("Expires=1&Signature=x~-_");
    assertThat(name.signed().path()).isEqualTo("a.mp4");
    assertThat(name.paths()).containsExactly("/a.mp4");
  }

  @Test
  void flash_may_have_escaped_the_question_mark() {
    MediaName name = MediaName.of("mp4:a%3fExpires%3D1%26Signature%3Dx").orElseThrow();

    assertThat(name.given()).isEqualTo("mp4:a");
    assertThat(name.query()).isEqualTo("Expires%3D1%26Signature%3Dx");
  }

  @Test
  void what_is_signed_is_what_is_fetched() {
    MediaName name = MediaName.of("mp4:/my%20film?Expires=1").orElseThrow();

    assertThat(name.resource().names()).containsExactly("my film", "my film.mp4");
  }

  @Test
  void escapes_mean_what_they_mean_in_urls_and_a_lone_percent_sign_is_itself() {
    assertThat(paths("my%20film.flv")).containsExactly("/my%20film.flv");
    assertThat(paths("my film.flv")).containsExactly("/my%20film.flv");
    assertThat(paths("100%.flv")).containsExactly("/100%25.flv");
    assertThat(paths("tür+&=.flv")).containsExactly("/t%C3%BCr%2B%26%3D.flv");
    assertThat(paths("t%C3%BCr.flv")).containsExactly("/t%C3%BCr.flv");
    assertThat(paths("a\uD83C\uDFA5.flv")).containsExactly("/a%F0%9F%8E%A5.flv");
  }

  @Test
  void a_colon_that_is_no_prefix_is_of_the_key() {
    assertThat(paths("a:b.flv")).containsExactly("/a%3Ab.flv");
    assertThat(paths("id3:b.flv")).containsExactly("/id3%3Ab.flv");
  }

  @Test
  void what_no_key_can_be_is_no_name() {
    for (String text :
        List.of(
            "",
            "mp4:",
            "?x=1",
            "/",
            "../a.flv",
            "a/../b.flv",
            "a/./b.flv",
            "a/..",
            ".",
            "%2e%2e/a.flv",
            "a\u0000.flv",
            "a%0Ab.flv",
            "a\u007F",
            "%FF.flv",
            "%C3%28.flv",
            "%2F%2Fhost/a.flv")) {
      assertThat(MediaName.of(text)).as(text).isEmpty();
    }
  }

  @Test
  void keys_have_a_longest_one_and_names_too() {
    String longest = "x".repeat(MediaName.KEY_BYTES_MAX);

    assertThat(MediaName.of(longest)).isPresent();
    assertThat(MediaName.of(longest + "x")).isEmpty();
    assertThat(MediaName.of("a?" + "x".repeat(MediaName.LENGTH_MAX - 2))).isPresent();
    assertThat(MediaName.of("a?" + "x".repeat(MediaName.LENGTH_MAX - 1))).isEmpty();
  }

  private static List<String> paths(String text) {
    Optional<MediaName> name = MediaName.of(text);
    assertThat(name).as(text).isPresent();
    return name.orElseThrow().paths();
  }
}
