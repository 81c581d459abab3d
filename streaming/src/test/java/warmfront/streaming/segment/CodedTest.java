package warmfront.streaming.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** What tags are read as. */
final class CodedTest {
  @Test
  void configurations_of_avc_say_codec_and_size() {
    Format plain = format(Tags.avc(Tags.AVC));
    assertThat(plain.codecs()).isEqualTo("avc1.42C01E");
    assertThat(plain.width()).isEqualTo(640);
    assertThat(plain.height()).isEqualTo(360);

    Format cropped = format(Tags.avc(Tags.AVC_444));
    assertThat(cropped.codecs()).isEqualTo("avc1.F40028");
    assertThat(cropped.width()).isEqualTo(1918);
    assertThat(cropped.height()).isEqualTo(1078);
  }

  @Test
  void configurations_of_hevc_come_by_enhanced_rtmp() {
    Format format = format(Tags.hevc(Tags.HEVC));

    assertThat(format.codecs()).isEqualTo("hvc1.1.6.L60.90");
    assertThat(format.width()).isEqualTo(320);
    assertThat(format.height()).isEqualTo(180);
  }

  @Test
  void configurations_of_aac_say_rate_and_length_of_frames() {
    Format lc = format(Tags.aac(Tags.AAC));
    assertThat(lc.codecs()).isEqualTo("mp4a.40.2");
    assertThat(lc.timescale()).isEqualTo(44_100);
    assertThat(lc.frameTicks()).isEqualTo(1024);

    // HE-AAC that says so: 22.05 kHz that sound like 44.1.
    Format he = format(Tags.aac("2b8a0800"));
    assertThat(he.codecs()).isEqualTo("mp4a.40.5");
    assertThat(he.timescale()).isEqualTo(22_050);
  }

  @Test
  void frames_say_when_they_are_shown() {
    Coded picture = Coded.read(Tags.picture(1234, true));

    assertThat(picture)
        .isInstanceOfSatisfying(
            Coded.Framed.class,
            framed -> {
              assertThat(framed.rendition()).isEqualTo(Rendition.VIDEO);
              assertThat(framed.frame().key()).isTrue();
              assertThat(framed.frame().millis()).isEqualTo(1234);
              assertThat(framed.frame().offsetMillis()).isEqualTo(40);
              assertThat(framed.frame().bytes().remaining()).isEqualTo(16);
            });
  }

  @Test
  void whatever_is_sent_nothing_escapes() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(6);
    Tag[] seeds = {
      Tags.avc(Tags.AVC_444), Tags.hevc(Tags.HEVC), Tags.aac(Tags.AAC), Tags.picture(0, true)
    };
    for (int i = 0; i < 100_000; i++) {
      Tag seed = seeds[random.nextInt(seeds.length)];
      byte[] bytes = Aac.copy(seed.payload().buffer());
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      int number = i;
      assertThatCode(() -> Coded.read(new Tag(seed.kind(), 0, Slice.of(cut))))
          .as("case %d of seed 6", number)
          .doesNotThrowAnyException();
    }
  }

  private static Format format(Tag tag) {
    return ((Coded.Configured) Coded.read(tag)).format();
  }
}
