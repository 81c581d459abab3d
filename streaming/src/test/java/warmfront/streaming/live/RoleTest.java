package warmfront.streaming.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** What tags are for: FLV 10.1, annex E.4, and Enhanced RTMP. */
final class RoleTest {
  @ParameterizedTest
  @CsvSource({
    "VIDEO, 17 00 000000 01, VIDEO_CONFIGURATION",
    "VIDEO, 17 01 000000 65, KEYFRAME",
    "VIDEO, 27 01 000000 41, VIDEO",
    "VIDEO, 17 02 000000, VIDEO",
    "VIDEO, 12 00, KEYFRAME", // H.263 has no configuration
    "VIDEO, 22 00, VIDEO",
    "VIDEO, 17, KEYFRAME",
    "VIDEO, 90 68766331 01, VIDEO_CONFIGURATION", // hvc1
    "VIDEO, 91 68766331 000000, KEYFRAME",
    "VIDEO, a3 68766331, VIDEO",
    "VIDEO, a1 61763031, VIDEO", // av01
    "AUDIO, af 00 1210, AUDIO_CONFIGURATION",
    "AUDIO, af 01 21, AUDIO",
    "AUDIO, 2f 00, AUDIO", // MP3 has none
    "AUDIO, 90 4f707573, AUDIO_CONFIGURATION", // Opus
    "AUDIO, 91 4f707573, AUDIO",
    "SCRIPT, 02 000a 6f6e4d65746144617461 08, METADATA",
    "SCRIPT, 02 000a 6f6e5465787444617461 08, DATA",
    "SCRIPT, 02 00, DATA",
  })
  void are_told_by_their_first_bytes(Tag.Kind kind, String hex, Role role) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(Role.of(new Tag(kind, 0, Slice.of(bytes)))).isEqualTo(role);
  }
}
