package warmfront.app.demo;

import java.util.List;

/**
 * Writes an MP4 file that plays a clip over and over: real tables, so that it plays and seeks
 * everywhere, and its header first, so that it plays while it loads.
 */
final class Mp4 {
  /** Units of time in a second: 25 pictures a second are 1000 units each. */
  private static final int TIME_SCALE = 25_000;

  private static final int PICTURE_UNITS = 1000;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;

  private final Video clip;
  private final int rounds;

  private Mp4(Video clip, int rounds) {
    this.clip = clip;
    this.rounds = rounds;
  }

  /** Returns a file of at least {@code bytesMin} bytes that repeats the clip. */
  static byte[] repeating(Video clip, int bytesMin) {
    int once = clip.samples().stream().mapToInt(sample -> sample.length).sum();
    return new Mp4(clip, bytesMin / once + 1).write();
  }

  private byte[] write() {
    byte[] type =
        new Box().box("ftyp", new Box().text("isom").u32(512).text("isomiso2avc1mp41")).content();
    // The header's length does not depend on the offsets in it.
    int headerBytes = header(0).length;
    Box file = new Box().bytes(type).bytes(header(type.length + headerBytes + 8L));
    int once = clip.samples().stream().mapToInt(sample -> sample.length).sum();
    file.u32(8L + (long) once * rounds).text("mdat");
    for (int round = 0; round < rounds; round++) {
      clip.samples().forEach(file::bytes);
    }
    return file.content();
  }

  private byte[] header(long firstByte) {
    Box movie = new Box();
    movie.full("mvhd", 0, movieHeader());
    movie.box("trak", new Box().full("tkhd", 3, trackHeader()).box("mdia", media(firstByte)));
    return new Box().box("moov", movie).content();
  }

  private Box movieHeader() {
    return matrix(
            new Box().u32(0).u32(0).u32(TIME_SCALE).u32(units()).u32(0x10000).u16(0x100).zeros(10))
        .zeros(24)
        .u32(2);
  }

  private Box trackHeader() {
    return matrix(new Box().u32(0).u32(0).u32(1).u32(0).u32(units()).zeros(8).zeros(8))
        .u32((long) WIDTH << 16)
        .u32((long) HEIGHT << 16);
  }

  /** The identity, in 16.16 and 2.30 fixed point. */
  private static Box matrix(Box box) {
    return box.u32(0x10000).zeros(12).u32(0x10000).zeros(12).u32(0x40000000);
  }

  private Box media(long firstByte) {
    Box information =
        new Box()
            .full("vmhd", 1, new Box().zeros(8))
            .box("dinf", new Box().full("dref", 0, new Box().u32(1).full("url ", 1, new Box())))
            .box("stbl", tables(firstByte));
    return new Box()
        .full("mdhd", 0, new Box().u32(0).u32(0).u32(TIME_SCALE).u32(units()).u16(0x55c4).u16(0))
        .full("hdlr", 0, new Box().u32(0).text("vide").zeros(12).text("Warmfront").u8(0))
        .box("minf", information);
  }

  private Box tables(long firstByte) {
    List<byte[]> samples = clip.samples();
    int once = samples.size();
    Box sizes = new Box().u32(0).u32((long) once * rounds);
    Box keys = new Box().u32((long) clip.keyFrames().size() * rounds);
    Box offsets = new Box().u32(rounds);
    long offset = firstByte;
    for (int round = 0; round < rounds; round++) {
      offsets.u32(offset);
      for (byte[] sample : samples) {
        sizes.u32(sample.length);
        offset += sample.length;
      }
      for (int key : clip.keyFrames()) {
        keys.u32((long) round * once + key + 1);
      }
    }
    return new Box()
        .full("stsd", 0, new Box().u32(1).box("avc1", sampleEntry()))
        .full("stts", 0, new Box().u32(1).u32((long) once * rounds).u32(PICTURE_UNITS))
        .full("stss", 0, keys)
        .full("stsc", 0, new Box().u32(1).u32(1).u32(once).u32(1))
        .full("stsz", 0, sizes)
        .full("stco", 0, offsets);
  }

  private Box sampleEntry() {
    byte[] sequenceSet = clip.sequenceSet();
    // ISO/IEC 14496-15: version, then profile, compatibility and level out of the sequence set
    Box configuration =
        new Box()
            .u8(1)
            .u8(sequenceSet[1])
            .u8(sequenceSet[2])
            .u8(sequenceSet[3])
            .u8(0xff) // lengths of four bytes
            .u8(0xe1) // one sequence set
            .u16(sequenceSet.length)
            .bytes(sequenceSet)
            .u8(1)
            .u16(clip.pictureSet().length)
            .bytes(clip.pictureSet());
    return new Box()
        .zeros(6)
        .u16(1)
        .zeros(16)
        .u16(WIDTH)
        .u16(HEIGHT)
        .u32(0x480000)
        .u32(0x480000)
        .u32(0)
        .u16(1)
        .zeros(32)
        .u16(24)
        .u16(0xffff)
        .box("avcC", configuration);
  }

  private long units() {
    return (long) clip.samples().size() * rounds * PICTURE_UNITS;
  }
}
