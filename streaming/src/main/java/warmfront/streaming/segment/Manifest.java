package warmfront.streaming.segment;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes a channel's media presentation description (DASH, ISO/IEC 23009-1, 5.3) of the same
 * segments: by number, with a timeline. The segment that is being made is in it too, as long as the
 * one before, to be read while it grows.
 */
final class Manifest {
  /** What a player may stay behind, when it is asked to be quick (annex K.3.2). */
  private static final int LATENCY_MILLIS = 1500;

  private final Broadcast broadcast;
  private final List<Track> tracks;
  private final StringBuilder out = new StringBuilder(4096);
  private final Formatter lines = new Formatter(out, Locale.ROOT);

  private Manifest(Broadcast broadcast, List<Track> tracks) {
    this.broadcast = broadcast;
    this.tracks = tracks;
  }

  /**
   * Writes it for the tracks that are ready; there is at least one.
   *
   * @param now when it is written
   */
  static String write(
      Broadcast broadcast, List<Track> tracks, Cadence cadence, Instant now, boolean ended) {
    Manifest manifest = new Manifest(broadcast, tracks);
    manifest.head(cadence, now, ended);
    SortedSet<Integer> eras = new TreeSet<>();
    for (Track track : tracks) {
      track.listed().forEach(segment -> eras.add(segment.era().number()));
    }
    eras.forEach(manifest::period);
    manifest.lines.format(
        "<UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:http-iso:2014\" value=\"time\"/>\n");
    return manifest.out.append("</MPD>\n").toString();
  }

  private void head(Cadence cadence, Instant now, boolean ended) {
    double target = tracks.stream().mapToInt(Track::targetSeconds).max().orElseThrow();
    lines.format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    lines.format("<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"\n");
    lines.format(
        " profiles=\"urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019\"\n");
    lines.format(" type=\"%s\" publishTime=\"%s\"\n", "dynamic", date(now));
    lines.format(" availabilityStartTime=\"%s\"\n", date(broadcast.zero()));
    if (ended) {
      lines.format(" mediaPresentationDuration=\"PT%.3fS\"\n", ends());
    } else {
      lines.format(" minimumUpdatePeriod=\"PT%.1fS\"\n", target / 2);
    }
    lines.format(" timeShiftBufferDepth=\"PT%dS\"\n", cadence.window().toSeconds());
    lines.format(" maxSegmentDuration=\"PT%.1fS\" minBufferTime=\"PT1S\">\n", target + 1);
    lines.format(
        "<ServiceDescription id=\"0\"><Latency target=\"%d\"/></ServiceDescription>\n",
        LATENCY_MILLIS);
  }

  private double ends() {
    return tracks.stream().mapToDouble(Manifest::endOf).max().orElseThrow();
  }

  private static double endOf(Track track) {
    return (double) track.listed().getLast().ends() / track.format().timescale();
  }

  private void period(int era) {
    boolean begun = false;
    for (Track track : tracks) {
      List<Segment> segments =
          track.listed().stream().filter(segment -> segment.era().number() == era).toList();
      if (segments.isEmpty()) {
        continue;
      }
      if (!begun) {
        long begins = segments.getFirst().era().beginsMillis();
        lines.format(
            "<Period id=\"%d\" start=\"PT%d.%03dS\">\n", era, begins / 1000, begins % 1000);
        begun = true;
      }
      adaptation(track, segments);
    }
    lines.format("</Period>\n");
  }

  private void adaptation(Track track, List<Segment> segments) {
    Segment first = segments.getFirst();
    Format format = first.initial().format();
    Rendition rendition = track.rendition();
    Names names = new Names(broadcast, rendition);
    lines.format(
        "<AdaptationSet id=\"%d\" contentType=\"%s\" mimeType=\"%s/mp4\""
            + " segmentAlignment=\"true\">\n",
        rendition.track(), rendition.word(), rendition.word());
    lines.format(
        "<Representation id=\"%s\" codecs=\"%s\" bandwidth=\"%d\"%s>\n",
        rendition.word(), format.codecs(), Math.max(track.peakBitsPerSecond(), 1), size(format));
    lines.format(
        "<SegmentTemplate timescale=\"%d\" presentationTimeOffset=\"%d\" startNumber=\"%d\"\n",
        format.timescale(),
        first.era().beginsMillis() * format.timescale() / 1000,
        first.sequence());
    lines.format(
        " availabilityTimeOffset=\"%.3f\" availabilityTimeComplete=\"false\"\n",
        Math.max(track.targetSeconds() - track.partTarget(), 0));
    lines.format(
        " initialization=\"%s\" media=\"%s$Number$.m4s\">\n",
        names.initial(first.initial().number()), names.stem());
    lines.format("<SegmentTimeline>\n");
    long before = 0;
    for (Segment segment : segments) {
      long expected = segment == track.open() ? Math.max(before, segment.ticks()) : segment.ticks();
      lines.format("<S t=\"%d\" d=\"%d\"/>\n", segment.begins(), expected);
      before = segment.ticks();
    }
    lines.format("</SegmentTimeline></SegmentTemplate></Representation></AdaptationSet>\n");
  }

  private static String size(Format format) {
    return format.width() == 0
        ? " audioSamplingRate=\"" + format.timescale() + "\""
        : " width=\"" + format.width() + "\" height=\"" + format.height() + "\"";
  }

  private static String date(Instant when) {
    return when.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
