package warmfront.streaming.segment;

import java.util.Locale;
import java.util.Optional;

/**
 * Writes a channel's multivariant playlist (RFC 8216bis, 4.4.6): pictures with sound, or one of
 * them.
 */
final class MultivariantPlaylist {
  private MultivariantPlaylist() {}

  /** Writes it for the tracks that are there; one of them is. */
  static String write(Optional<Track> video, Optional<Track> audio) {
    StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:9\n");
    boolean both = video.isPresent() && audio.isPresent();
    if (both) {
      out.append("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,")
          .append("AUTOSELECT=YES,URI=\"audio.m3u8\"\n");
    }
    long bits =
        video.map(Track::peakBitsPerSecond).orElse(0L)
            + audio.map(Track::peakBitsPerSecond).orElse(0L);
    out.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(Math.max(bits, 1));
    out.append(",CODECS=\"").append(video.map(track -> track.format().codecs()).orElse(""));
    out.append(both ? "," : "").append(audio.map(track -> track.format().codecs()).orElse(""));
    out.append('"');
    video.ifPresent(track -> picture(out, track));
    out.append(both ? ",AUDIO=\"audio\"\n" : "\n");
    out.append(video.isPresent() ? "video.m3u8\n" : "audio.m3u8\n");
    return out.toString();
  }

  private static void picture(StringBuilder out, Track video) {
    Format format = video.format();
    out.append(",RESOLUTION=").append(format.width()).append('x').append(format.height());
    out.append(",FRAME-RATE=").append(String.format(Locale.ROOT, "%.3f", video.framesPerSecond()));
  }
}
