package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.Map;
import warmfront.bytes.Slice;

/** What goes ahead of fragments: the ftyp and the moov box (ISO/IEC 14496-12, 4.3 and 8.2). */
final class Header {
  /** Durations of movie and tracks are in milliseconds. */
  private static final int TIMESCALE = 1000;

  private static final int[] IDENTITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  private Header() {}

  /**
   * Writes the header of tracks.
   *
   * @param tracks what they are of, in their order
   * @param brands what the file is, four letters each, beside iso6
   * @param timed whether there is a place for how long it plays, which {@link #setDuration} fills
   */
  static Slice of(Map<Rendition, Format> tracks, String brands, boolean timed) {
    Boxes out = new Boxes(2048);
    out.open("ftyp").text("iso6").u32(0).text("iso6").text(brands).close();
    int last = tracks.keySet().stream().mapToInt(Rendition::track).max().orElse(0);
    out.open("moov");
    out.open("mvhd", 0, 0).zeros(8).u32(TIMESCALE).u32(0).u32(0x10000).u16(0x100).zeros(10);
    matrix(out).zeros(24).u32(last + 1L).close();
    tracks.forEach((rendition, format) -> track(out, rendition, format));
    out.open("mvex");
    if (timed) {
      out.open("mehd", 0, 0).u32(0).close();
    }
    for (Rendition rendition : tracks.keySet()) {
      out.open("trex", 0, 0).u32(rendition.track()).u32(1).zeros(12).close();
    }
    return Slice.of(out.close().close().bytes());
  }

  private static void track(Boxes out, Rendition rendition, Format format) {
    boolean video = rendition == Rendition.VIDEO;
    out.open("trak");
    out.open("tkhd", 0, 3).zeros(8).u32(rendition.track()).zeros(4).u32(0).zeros(8);
    out.u32(0).u16(video ? 0 : 0x100).u16(0);
    matrix(out).u32((long) format.width() << 16).u32((long) format.height() << 16).close();
    out.open("mdia");
    // Language: undetermined, in three times five bits.
    out.open("mdhd", 0, 0).zeros(8).u32(format.timescale()).u32(0).u16(0x55C4).u16(0).close();
    out.open("hdlr", 0, 0).u32(0).text(video ? "vide" : "soun").zeros(12);
    out.text(rendition.word()).u8(0).close();
    out.open("minf");
    if (video) {
      out.open("vmhd", 0, 1).zeros(8).close();
    } else {
      out.open("smhd", 0, 0).zeros(4).close();
    }
    out.open("dinf").open("dref", 0, 0).u32(1).open("url ", 0, 1).close().close().close();
    out.open("stbl").open("stsd", 0, 0).u32(1).put(format.entry().buffer()).close();
    out.open("stts", 0, 0).u32(0).close();
    out.open("stsc", 0, 0).u32(0).close();
    out.open("stsz", 0, 0).u32(0).u32(0).close();
    out.open("stco", 0, 0).u32(0).close();
    out.close().close().close().close();
  }

  private static Boxes matrix(Boxes out) {
    for (int value : IDENTITY) {
      out.u32(value);
    }
    return out;
  }

  /**
   * Writes how long it plays into a header that {@link #of} made: of the movie, its tracks and its
   * fragments (8.2.2, 8.3.2, 8.4.2, 8.8.2).
   */
  static void setDuration(ByteBuffer header, long millis) {
    for (int at = header.position(); header.limit() - at >= 8; at += header.getInt(at)) {
      int begin = at + 8;
      switch (header.getInt(at + 4)) {
        case 0x6d6f6f76, 0x7472616b, 0x6d646961, 0x6d766578 -> // moov, trak, mdia, mvex
            setDuration(header.duplicate().position(begin).limit(at + header.getInt(at)), millis);
        case 0x6d766864 -> header.putInt(begin + 16, (int) millis); // mvhd
        case 0x746b6864 -> header.putInt(begin + 20, (int) millis); // tkhd
        case 0x6d646864 -> { // mdhd
          long scale = header.getInt(begin + 12);
          header.putInt(begin + 16, (int) (millis * scale / TIMESCALE));
        }
        case 0x6d656864 -> header.putInt(begin + 4, (int) millis); // mehd
        default -> {}
      }
    }
  }
}
