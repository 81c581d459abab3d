package warmfront.streaming.media;

import java.util.Locale;

/**
 * Opens media files: MP4 and its kin (ISO/IEC 14496-12 and 14496-14, QuickTime), fragmented too;
 * FLV (FLV 10.1, annex E); MP3.
 *
 * <p>What a file is, its first bytes say; its name matters only if they do not. Opening and reading
 * are functions of the bytes at hand: nothing here waits, and no file is read further than it has
 * to be.
 */
public final class Containers {
  /** First bytes that are asked for: enough for each container's own head and most boxes. */
  private static final int FIRST_BYTES = 4096;

  private static final String FLV = "FLV";
  private static final String ID3 = "ID3";

  private Containers() {}

  /**
   * Begins to open a file.
   *
   * <p>A step costs time by the tables that it reads: about 50 ms for a moov box of a film of two
   * hours. What may not stand still that long calls it elsewhere.
   *
   * @param name the object's name, as a hint
   */
  public static Opening open(String name) {
    return new Recognised(name);
  }

  /** An opening that looks at the first bytes and goes on as what they say. */
  private static final class Recognised implements Opening {
    private final String name;
    private @org.jspecify.annotations.Nullable Opening known;

    Recognised(String name) {
      this.name = name;
    }

    @Override
    public Step next(Window window) {
      if (known == null) {
        int first = (int) Math.min(FIRST_BYTES, window.objectLength());
        if (first == 0) {
          return new Refused("the file is empty");
        }
        if (!window.has(0, first)) {
          return new Needs(0, first);
        }
        known = recognise(window, first, name);
      }
      return known.next(window);
    }
  }

  private static Opening recognise(Window window, int first, String name) {
    if (startsWith(window, first, 0, FLV)) {
      return new FlvOpening();
    }
    if (Mp4Opening.mayBegin(window, first)) {
      return new Mp4Opening();
    }
    if (startsWith(window, first, 0, ID3)
        || Mp3Frame.at(window, 0, first) != null
        || name.toLowerCase(Locale.ROOT).endsWith(".mp3")) {
      return new Mp3Opening();
    }
    return _ -> new Opening.Refused("neither MP4 nor FLV nor MP3");
  }

  private static boolean startsWith(Window window, int first, int offset, String letters) {
    if (first < offset + letters.length()) {
      return false;
    }
    for (int i = 0; i < letters.length(); i++) {
      if (window.at(offset + i) != letters.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
