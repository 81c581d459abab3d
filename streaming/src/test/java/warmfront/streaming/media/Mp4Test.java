package warmfront.streaming.media;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.streaming.media.Boxes.audio;
import static warmfront.streaming.media.Boxes.box;
import static warmfront.streaming.media.Boxes.edits;
import static warmfront.streaming.media.Boxes.join;
import static warmfront.streaming.media.Boxes.movie;
import static warmfront.streaming.media.Boxes.numbers;
import static warmfront.streaming.media.Boxes.octets;
import static warmfront.streaming.media.Boxes.sizes;
import static warmfront.streaming.media.Boxes.table;
import static warmfront.streaming.media.Boxes.video;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** MP4s as they are found and as they should not be, of boxes that are written here. */
final class Mp4Test {
  private static final byte[] NO_EDITS = {};
  private static final byte[] FTYP = box("ftyp", numbers(0, 0));

  /** Frames begin here: a first box of 1000 bytes before the moov has them. */
  private static final int DATA = FTYP.length + 8;

  private static final byte[] FOUR_TIMES = table("stts", 2, 4, 40);
  private static final byte[] ONE_CHUNK = table("stsc", 3, 1, 4, 1);
  private static final byte[] FOUR_SIZES = sizes(10, 20, 30, 40);

  private static byte[] file(byte[] moov) {
    return join(FTYP, box("mdat", new byte[1000]), moov);
  }

  private static List<Reel.Frame> frames(byte[] file) {
    Bytes bytes = Bytes.asked(file);
    return Played.frames(Played.medium(bytes, ""), bytes, 0);
  }

  private static String refusal(byte[] file) {
    return ((Opening.Refused) Played.open(Bytes.asked(file), "")).reason();
  }

  private static byte[] plain(byte[]... more) {
    byte[] tables = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA), join(more));
    return movie(video(1, true, "avc1", NO_EDITS, tables));
  }

  @Test
  void frames_are_where_and_when_the_tables_say() {
    byte[] file = file(plain(table("stss", 1, 1, 3), table("ctts", 2, 1, 80, 3, 0)));

    List<Reel.Frame> frames = frames(file);

    assertThat(frames).extracting(Reel.Frame::millis).containsExactly(0L, 40L, 80L, 120L);
    assertThat(frames)
        .extracting(Reel.Frame::offset)
        .containsExactly(DATA + 0L, DATA + 10L, DATA + 30L, DATA + 60L);
    assertThat(frames).extracting(Reel.Frame::length).containsExactly(10, 20, 30, 40);
    assertThat(frames).extracting(Reel.Frame::key).containsExactly(true, false, true, false);
    assertThat(frames)
        .extracting(Reel.Frame::prefix)
        .containsExactly(0x17_01_000050L, 0x27_01_000000L, 0x17_01_000000L, 0x27_01_000000L);
  }

  @Test
  void frames_shown_before_their_time_are_decoded_earlier() {
    List<Reel.Frame> frames = frames(file(plain(table("ctts", 2, 2, 0, 2, -40))));

    assertThat(frames).extracting(Reel.Frame::millis).containsExactly(0L, 40L, 80L, 120L);
    assertThat(frames)
        .extracting(frame -> frame.prefix() & 0xff_ffff)
        .containsExactly(40L, 40L, 0L, 0L);
  }

  @Test
  void chunks_have_as_many_frames_as_their_run_says() {
    byte[] moov =
        movie(
            video(
                1,
                true,
                "avc1",
                NO_EDITS,
                FOUR_TIMES,
                table("stsc", 3, 1, 1, 1, 3, 2, 1),
                FOUR_SIZES,
                box("co64", numbers(0, 3, 0, DATA + 500, 0, DATA + 100, 0, DATA + 300))));

    assertThat(frames(file(moov)))
        .extracting(Reel.Frame::offset)
        .containsExactly(DATA + 500L, DATA + 100L, DATA + 300L, DATA + 330L);
  }

  @Test
  void sizes_may_be_the_same_or_of_4_8_or_16_bits() {
    List<byte[]> tables =
        List.of(
            box("stsz", numbers(0, 7, 4)),
            box("stz2", numbers(0, 4, 4), octets(0x12, 0x34)),
            box("stz2", numbers(0, 8, 4), octets(1, 2, 3, 4)),
            box("stz2", numbers(0, 16, 4), octets(0, 1, 0, 2, 0, 3, 0, 4)));
    List<List<Integer>> lengths = new ArrayList<>();
    for (byte[] sizes : tables) {
      byte[] all = join(FOUR_TIMES, ONE_CHUNK, sizes, table("stco", 1, DATA));
      byte[] file = file(movie(video(1, true, "avc1", NO_EDITS, all)));
      lengths.add(frames(file).stream().map(Reel.Frame::length).toList());
    }

    assertThat(lengths)
        .containsExactly(
            List.of(7, 7, 7, 7), List.of(1, 2, 3, 4), List.of(1, 2, 3, 4), List.of(1, 2, 3, 4));
  }

  @Test
  void tracks_are_sent_by_time_wherever_they_are_and_edits_delay_them() {
    byte[] picture = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA));
    byte[] sound = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA + 500));
    byte[] moov =
        movie(
            video(1, true, "avc1", edits(500, 0), picture),
            audio(2, edits(50, -1, 500, 20), sound));

    assertThat(frames(file(moov)))
        .extracting(frame -> frame.kind() + " " + frame.millis())
        .containsExactly(
            "VIDEO 0",
            "AUDIO 30",
            "VIDEO 40",
            "AUDIO 70",
            "VIDEO 80",
            "AUDIO 110",
            "VIDEO 120",
            "AUDIO 150");
  }

  @Test
  void the_first_enabled_track_that_can_be_sent_is_played() {
    byte[] first = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA));
    byte[] second = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA + 9));
    byte[] moov =
        movie(
            video(1, true, "mp4v", NO_EDITS, first),
            video(2, false, "avc1", NO_EDITS, first),
            video(3, true, "avc1", NO_EDITS, second));

    assertThat(frames(file(moov)).getFirst().offset()).isEqualTo(DATA + 9);
  }

  @Test
  void a_codec_that_cannot_be_sent_is_named() {
    byte[] tables = join(FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, DATA));

    assertThat(refusal(file(movie(video(1, true, "mp4v", NO_EDITS, tables)))))
        .isEqualTo("video in [mp4v]");
    assertThat(refusal(file(movie()))).isEqualTo("neither video nor audio");
  }

  @Test
  void of_an_mdat_with_a_size_of_64_bits_only_the_header_is_read() {
    byte[] mdat = join(numbers(1, Box.type("mdat"), 0, 9016), new byte[9000]);
    byte[] file = join(FTYP, box("free", new byte[3]), box("uuid", new byte[16]), mdat, plain());
    Bytes bytes = Bytes.asked(file);

    Medium medium = Played.medium(bytes, "");

    assertThat(Played.frames(medium, bytes, 0)).hasSize(4);
    assertThat(bytes.given()).isLessThan(4096 + 16 + 16 + plain().length + 1);
  }

  @Test
  void a_file_that_ends_too_early_plays_as_far_as_it_goes() {
    byte[] moov =
        movie(
            video(
                1, true, "avc1", NO_EDITS, FOUR_TIMES, ONE_CHUNK, FOUR_SIZES, table("stco", 1, 0)));
    int data = FTYP.length + moov.length + 8;
    moov =
        movie(
            video(
                1,
                true,
                "avc1",
                NO_EDITS,
                FOUR_TIMES,
                ONE_CHUNK,
                FOUR_SIZES,
                table("stco", 1, data)));
    byte[] file = join(FTYP, moov, numbers(100, Box.type("mdat")), new byte[59]);
    Bytes bytes = Bytes.asked(file);
    List<Reel.Frame> frames = new ArrayList<>();

    Reel.End end = Played.end(Played.medium(bytes, ""), bytes, 0, frames);

    assertThat(frames).hasSize(2);
    assertThat(end.broken()).isTrue();
  }

  @Test
  void tables_that_do_not_fit_together_are_refused() {
    byte[] offsets = table("stco", 1, DATA);
    byte[] tooFewTimes = join(table("stts", 2, 3, 40), ONE_CHUNK, FOUR_SIZES, offsets);
    byte[] tooFewChunks = join(FOUR_TIMES, table("stsc", 3, 1, 3, 1), FOUR_SIZES, offsets);
    byte[] cut = join(FOUR_TIMES, ONE_CHUNK, box("stsz", numbers(0, 0, 4, 1, 2)), offsets);
    byte[] huge = join(FOUR_TIMES, ONE_CHUNK, sizes(1 << 24, 1, 1, 1), offsets);
    byte[] noSamples = table("stsc", 3, 1, 0, 1);
    byte[] manyChunks =
        join(FOUR_TIMES, noSamples, FOUR_SIZES, box("stco", numbers(0, 0xffff_ffffL, DATA)));
    byte[] endless =
        join(
            table("stts", 2, 0xffff_ffffL, 1),
            table("stsc", 3, 1, 0xffff_ffffL, 1),
            box("stsz", numbers(0, 1, 0xffff_ffffL)),
            table("stco", 1, DATA, DATA, DATA));
    List<String> reasons = new ArrayList<>();
    for (byte[] tables : List.of(tooFewTimes, tooFewChunks, cut, huge, manyChunks)) {
      reasons.add(refusal(file(movie(video(1, true, "avc1", NO_EDITS, tables)))));
    }

    assertThat(reasons)
        .containsExactly(
            "fewer times than samples",
            "fewer chunks than samples",
            "'stsz' ends early",
            "a frame of 16777216 bytes",
            "'stco' ends early");
    byte[] file = file(movie(video(1, true, "avc1", NO_EDITS, endless)));
    Bytes bytes = Bytes.asked(file);
    List<Reel.Frame> frames = new ArrayList<>();
    assertThat(Played.end(Played.medium(bytes, ""), bytes, 0, frames).broken()).isTrue();
    assertThat(frames).hasSizeLessThan(file.length);
  }

  @Test
  void frames_over_one_another_are_refused() {
    byte[] tables =
        join(
            table("stts", 2, 8, 40),
            table("stsc", 3, 1, 1, 1),
            box("stsz", numbers(0, 900, 8)),
            table("stco", 1, DATA, DATA, DATA, DATA, DATA, DATA, DATA, DATA));

    assertThat(refusal(file(movie(video(1, true, "avc1", NO_EDITS, tables)))))
        .isEqualTo("too many frames, or one over another");
  }

  @Test
  void a_moov_that_is_too_large_is_not_asked_for() {
    byte[] file = join(FTYP, numbers(Limits.MOVIE_BYTES + 1, Box.type("moov")));
    Window window = new Beginning(file, 1L << 30);
    Opening opening = Containers.open("");

    assertThat(opening.next(window)).isEqualTo(new Opening.Refused("a 'moov' of 67108865 bytes"));
  }

  /** A file of which only the beginning is there. */
  private static final class Beginning implements Window {
    private final byte[] beginning;
    private final long objectLength;

    Beginning(byte[] beginning, long objectLength) {
      this.beginning = beginning;
      this.objectLength = objectLength;
    }

    @Override
    public long objectLength() {
      return objectLength;
    }

    @Override
    public boolean has(long offset, int length) {
      return true;
    }

    @Override
    public int at(long offset) {
      return offset < beginning.length ? beginning[(int) offset] & 0xff : 0;
    }

    @Override
    public void copy(long offset, byte[] into, int at, int length) {
      for (int i = 0; i < length; i++) {
        into[at + i] = (byte) at(offset + i);
      }
    }
  }
}
