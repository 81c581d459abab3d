package warmfront.streaming.segment;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a rendition's media playlist (RFC 8216bis, 4.4.3 to 4.4.5). Players that know nothing of
 * low latency read the same one: they ignore the parts.
 */
final class MediaPlaylist {
  /** Parts are listed this many target durations back (RFC 8216bis, 6.2.2). */
  private static final int PARTS_LISTED = 3;

  /** The least distance of what is skipped from the end, in target durations (4.4.3.8). */
  private static final int SKIP_BOUNDARY = 6;

  /**
   * What a player stays behind the end, in parts; three is the least that should be said (4.4.3.8).
   */
  private static final int PART_HOLD_BACK = 4;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Broadcast broadcast;
  private final Track track;
  private final Names names;
  private final StringBuilder out = new StringBuilder(8192);
  private final Formatter lines = new Formatter(out, Locale.ROOT);

  private MediaPlaylist(Broadcast broadcast, Track track) {
    this.broadcast = broadcast;
    this.track = track;
    this.names = new Names(broadcast, track.rendition());
  }

  /**
   * Writes the playlist of a track that is ready.
   *
   * @param other the other rendition, for players that change to it
   * @param ended whether nothing will be added
   * @param skip whether segments before the skip boundary are left out
   */
  static String write(
      Broadcast broadcast, Track track, Optional<Track> other, boolean ended, boolean skip) {
    MediaPlaylist playlist = new MediaPlaylist(broadcast, track);
    playlist.head();
    playlist.segments(skip);
    if (ended) {
      playlist.out.append("#EXT-X-ENDLIST\n");
    } else {
      playlist.ahead(other.filter(Track::isReady));
    }
    return playlist.out.toString();
  }

  private void head() {
    int target = track.targetSeconds();
    lines.format("#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:%d\n", target);
    if (track.listed().stream().allMatch(Segment::isIndependent)) {
      out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
    }
    double partTarget = partTarget();
    lines.format(
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=%.3f,CAN-SKIP-UNTIL=%d.0\n",
        PART_HOLD_BACK * partTarget, SKIP_BOUNDARY * target);
    lines.format("#EXT-X-PART-INF:PART-TARGET=%.3f\n", partTarget);
    Segment first = track.listed().getFirst();
    lines.format("#EXT-X-MEDIA-SEQUENCE:%d\n", first.sequence());
    if (first.era().number() > 0) {
      lines.format("#EXT-X-DISCONTINUITY-SEQUENCE:%d\n", first.era().number());
    }
  }

  /** Returns the longest part, rounded up, so that none is longer than what is announced. */
  private double partTarget() {
    return Math.ceil(track.partTarget() * 1000) / 1000;
  }

  private void segments(boolean skip) {
    List<Segment> listed = track.listed();
    double behind = listed.stream().mapToDouble(Segment::seconds).sum();
    int skipped = skip ? skippable(listed, behind) : 0;
    if (skipped > 0) {
      lines.format("#EXT-X-SKIP:SKIPPED-SEGMENTS=%d\n", skipped);
    }
    Segment before = listed.get(Math.max(skipped - 1, 0));
    for (int i = 0; i < listed.size(); i++) {
      Segment segment = listed.get(i);
      if (i >= skipped) {
        discontinuities(before, segment);
        if (i == 0 || segment.initial().number() != before.initial().number()) {
          lines.format("#EXT-X-MAP:URI=\"%s\"\n", names.initial(segment.initial().number()));
        }
        segment(segment, behind <= PARTS_LISTED * track.targetSeconds() + segment.seconds());
        before = segment;
      }
      behind -= segment.seconds();
    }
  }

  /** Returns how many segments are older than the skip boundary. */
  private int skippable(List<Segment> listed, double all) {
    double behind = all;
    int count = 0;
    while (count < listed.size() - 1
        && behind - listed.get(count).seconds() > SKIP_BOUNDARY * track.targetSeconds()) {
      behind -= listed.get(count).seconds();
      count++;
    }
    return count;
  }

  private void discontinuities(Segment before, Segment segment) {
    out.repeat("#EXT-X-DISCONTINUITY\n", segment.era().number() - before.era().number());
  }

  private void segment(Segment segment, boolean withParts) {
    int timescale = segment.initial().format().timescale();
    lines.format(
        "#EXT-X-PROGRAM-DATE-TIME:%s\n", DATE.format(broadcast.at(segment.begins(), timescale)));
    boolean isOpen = segment == track.open();
    if (withParts || isOpen) {
      int number = 0;
      for (Part part : segment.parts()) {
        lines.format(
            "#EXT-X-PART:DURATION=%.5f,URI=\"%s\"%s\n",
            (double) part.ticks() / timescale,
            names.part(segment.sequence(), number),
            part.independent() ? ",INDEPENDENT=YES" : "");
        number++;
      }
    }
    if (!isOpen) {
      lines.format("#EXTINF:%.5f,\n%s\n", segment.seconds(), names.segment(segment.sequence()));
    }
  }

  private void ahead(Optional<Track> other) {
    Segment open = track.open();
    lines.format(
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"%s\"\n",
        names.part(open.sequence(), open.parts().size()));
    other.ifPresent(report -> {
      Segment last = report.listed().getLast();
      lines.format(
          "#EXT-X-RENDITION-REPORT:URI=\"%s.m3u8\",LAST-MSN=%d,LAST-PART=%d\n",
          report.rendition().word(), last.sequence(), last.parts().size() - 1);
    });
  }
}
