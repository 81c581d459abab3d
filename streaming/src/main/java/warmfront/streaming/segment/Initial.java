package warmfront.streaming.segment;

import warmfront.bytes.Slice;

/**
 * A codec's configuration as players get it: a CMAF header (ISO/IEC 23000-19, 7.3.1).
 *
 * @param number which of the broadcast's
 */
record Initial(int number, Format format, Slice bytes) {
  private static final int[] IDENTITY = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};

  static Initial of(Rendition rendition, int number, Format format) {
    boolean video = rendition == Rendition.VIDEO;
    Boxes out = new Boxes(1024);
    out.open("ftyp").text("iso6").u32(0).text("iso6cmfcmp41").close();
    out.open("moov");
    out.open("mvhd", 0, 0).zeros(8).u32(1000).u32(0).u32(0x10000).u16(0x100).zeros(10);
    matrix(out).zeros(24).u32(rendition.track() + 1L).close();
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
    out.open("mvex").open("trex", 0, 0).u32(rendition.track()).u32(1).zeros(12).close().close();
    return new Initial(number, format, Slice.of(out.close().bytes()));
  }

  private static Boxes matrix(Boxes out) {
    for (int value : IDENTITY) {
      out.u32(value);
    }
    return out;
  }
}
