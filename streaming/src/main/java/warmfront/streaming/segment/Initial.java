package warmfront.streaming.segment;

import java.util.Map;
import warmfront.bytes.Slice;

/**
 * A codec's configuration as players get it: a CMAF header (ISO/IEC 23000-19, 7.3.1).
 *
 * @param number which of the broadcast's
 */
record Initial(int number, Format format, Slice bytes) {
  static Initial of(Rendition rendition, int number, Format format) {
    return new Initial(number, format, Header.of(Map.of(rendition, format), "cmfcmp41", false));
  }
}
