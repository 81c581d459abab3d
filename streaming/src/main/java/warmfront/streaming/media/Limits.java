package warmfront.streaming.media;

/** How much of a file's tables is believed, so that no file costs more than it is worth. */
final class Limits {
  /** Bytes of an MP4's moov box: 64 MiB, that of a day or so. */
  static final int MOVIE_BYTES = 64 << 20;

  /** Bytes of a moof, sidx or mfra box: 4 MiB. */
  static final int FRAGMENT_BYTES = 4 << 20;

  /** Frames in an index: about a day of film. */
  static final int FRAMES = 10_000_000;

  /** Frames in one fragment: more than 10 minutes of film. */
  static final int FRAGMENT_FRAMES = 65_536;

  /** Bytes of one frame: what a message of RTMP can hold with the codec's head before it. */
  static final int FRAME_BYTES = (1 << 24) - 16;

  /** Bytes of a codec's configuration; real ones have less than a hundred. */
  static final int CONFIGURATION_BYTES = 64 << 10;

  /** Boxes within one box that has a few, and top-level boxes before the moov. */
  static final int BOXES = 1024;

  /** Bytes that are searched for the beginning of a frame of MP3. */
  static final int SEARCHED_BYTES = 128 << 10;

  /** Tags of an FLV that are searched for configurations. */
  static final int HEAD_TAGS = 32;

  /** Bytes of script data: a keyframes index of a long film has 200,000. */
  static final int SCRIPT_BYTES = 1 << 20;

  /** Values within values of script data. */
  static final int SCRIPT_DEPTH = 8;

  private Limits() {}
}
