package warmfront.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ChannelTest {
  @Test
  void a_name_is_a_label_beneath_live() {
    String longest = "a".repeat(63);

    assertThat(channel("cam-1", 200, 2000).hostName("cdn.example.net"))
        .isEqualTo("cam-1.live.cdn.example.net");
    assertThat(channel(longest, 200, 2000).id()).isEqualTo(longest);
    for (String name : new String[] {"", "Cam", "a.b", "-a", "a-", "a_b", longest + "a"}) {
      assertThatThrownBy(() -> channel(name, 200, 2000))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void lengths_have_limits() {
    assertThat(channel("a", 100, 1000).part()).isEqualTo(Duration.ofMillis(100));
    assertThat(channel("a", 10_000, 10_000).segment()).isEqualTo(Duration.ofSeconds(10));
    assertThatThrownBy(() -> channel("a", 99, 1000)).hasMessageContaining("99 ms");
    assertThatThrownBy(() -> channel("a", 1001, 1000)).hasMessageContaining("1001 ms");
    assertThatThrownBy(() -> channel("a", 200, 999)).hasMessageContaining("999 ms");
    assertThatThrownBy(() -> channel("a", 200, 10_001)).hasMessageContaining("10001 ms");
  }

  @Test
  void a_key_is_kept_as_its_hash() {
    // sha256sum of the three letters
    assertThat(Channel.hash("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void a_recording_names_a_bucket_and_folders_in_it() {
    Channel.Recording deep = Channel.Recording.parse("b.s3.amazonaws.com/live/cam-1_x.y");

    assertThat(deep).isEqualTo(new Channel.Recording("b.s3.amazonaws.com", "live/cam-1_x.y"));
    assertThat(deep.text()).isEqualTo("b.s3.amazonaws.com/live/cam-1_x.y");
    assertThat(deep.key("a.mp4")).isEqualTo("live/cam-1_x.y/a.mp4");
    assertThat(Channel.Recording.parse("b.s3.amazonaws.com").key("a.mp4")).isEqualTo("a.mp4");
    for (String wrong :
        new String[] {
          "",
          "/a",
          "B.s3.amazonaws.com",
          "https://b",
          "b//a",
          "b/a/",
          "b/..",
          "b/a/./c",
          "b/a b",
          "b/é",
          "b/" + "a".repeat(513)
        }) {
      assertThatThrownBy(() -> Channel.Recording.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Channel channel(String name, long part, long segment) {
    return new Channel(
        name,
        Channel.hash("key"),
        "FRA",
        true,
        Optional.empty(),
        Duration.ofMillis(part),
        Duration.ofMillis(segment));
  }
}
