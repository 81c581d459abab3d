package warmfront.streaming.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What names and queries are read as. */
final class ResourceTest {
  @Test
  void a_playlist_is_asked_for_as_it_is_or_from_a_position() {
    assertThat(Resource.read("video.m3u8", ""))
        .isEqualTo(named(new Resource.Playlist(Rendition.VIDEO, Optional.empty(), false)));
    assertThat(Resource.read("audio.m3u8", "a=b&_HLS_msn=7&_HLS_part=3&_HLS_skip=YES&_HLS_new=1"))
        .isEqualTo(
            named(
                new Resource.Playlist(
                    Rendition.AUDIO,
                    Optional.of(new Resource.Position(7, OptionalInt.of(3))),
                    true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_HLS_part=3",
        "_HLS_msn=-1",
        "_HLS_msn=",
        "_HLS_msn",
        "_HLS_msn=1&_HLS_msn=2",
        "_HLS_msn=1&_HLS_part=x",
        "_HLS_msn=1&_HLS_part=123456",
        "_HLS_msn=1234567890123456",
        "_HLS_skip=NO",
        "&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&"
      })
  void directives_that_are_none_are_refused(String query) {
    assertThat(Resource.read("video.m3u8", query)).isInstanceOf(Resource.Refused.class);
  }

  @Test
  void media_have_names_of_their_broadcast() {
    assertThat(Resource.read("video-abc-i2.mp4", ""))
        .isEqualTo(named(new Resource.Initialization(Rendition.VIDEO, "abc", 2)));
    assertThat(Resource.read("audio-abc-17.m4s", ""))
        .isEqualTo(named(new Resource.Whole(Rendition.AUDIO, "abc", 17)));
    assertThat(Resource.read("audio-abc-17.4.m4s", ""))
        .isEqualTo(named(new Resource.Part(Rendition.AUDIO, "abc", 17, 4)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "video",
        "text.m3u8",
        "video-abc-.m4s",
        "video-ABC-1.m4s",
        "video-abc-1.2.3.m4s",
        "video-abc-1234567890123456.m4s",
        "video-abc-i1.m4s",
        "VIDEO-abc-1.m4s"
      })
  void other_names_name_nothing(String name) {
    assertThat(Resource.read(name, "")).isInstanceOf(Resource.Unnamed.class);
  }

  private static Resource.Read named(Resource resource) {
    return new Resource.Named(resource);
  }
}
