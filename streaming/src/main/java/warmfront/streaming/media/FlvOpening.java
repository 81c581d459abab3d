package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * Opens FLV (FLV 10.1, annex E): reads tags until it has the first of each kind, for these are what
 * the file says of itself and the codecs' configurations. If it does not say how long it plays, the
 * last tag does.
 */
final class FlvOpening implements Opening {
  private static final int HEADER = 9;
  private static final int HAS_AUDIO = 4;
  private static final int HAS_VIDEO = 1;

  private final List<Tag> head = new ArrayList<>();
  private final Set<String> fourCcs = new LinkedHashSet<>();
  private long at = -1;
  private long first = -1;
  private int tags;
  private boolean seeksAudio;
  private boolean seeksVideo;
  private boolean hasVideo;
  private long base = -1;
  private long millis = -1;
  private long lastTag = -1;
  private @Nullable ScriptReader script;
  private @Nullable Step end;

  @Override
  public Step next(Window window) {
    if (end == null) {
      try {
        Step step = step(window);
        if (step instanceof Needs) {
          return step;
        }
        end = step;
      } catch (BadMedia bad) {
        end = new Refused(bad.what());
      }
    }
    return end;
  }

  private Step step(Window window) throws BadMedia {
    if (at < 0) {
      header(window);
    }
    while (seeksAudio || seeksVideo) {
      @Nullable Needs needs = tag(window);
      if (needs != null) {
        return needs;
      }
    }
    if (base < 0) {
      throw new BadMedia("neither audio nor video");
    }
    @Nullable Needs needs = millis < 0 ? last(window) : null;
    return needs != null ? needs : new Opened(medium());
  }

  private void header(Window window) throws BadMedia {
    if (window.objectLength() < HEADER + FlvTag.TRAILER + FlvTag.HEAD) {
      throw new BadMedia("no tags");
    }
    int flags = window.at(4);
    long length = 0;
    for (int i = 5; i < HEADER; i++) {
      length = length << 8 | window.at(i);
    }
    if (length < HEADER) {
      throw new BadMedia("a header of %d bytes".formatted(length));
    }
    seeksAudio = (flags & HAS_AUDIO) != 0;
    seeksVideo = (flags & HAS_VIDEO) != 0;
    if (!seeksAudio && !seeksVideo) {
      seeksAudio = true; // some say nothing and have both
      seeksVideo = true;
    }
    at = length + FlvTag.TRAILER;
    first = at;
  }

  /** Reads one tag; returns what it needs for that. */
  private @Nullable Needs tag(Window window) throws BadMedia {
    long left = window.objectLength() - at;
    if (left < FlvTag.HEAD || tags++ == Limits.HEAD_TAGS) {
      seeksAudio = false;
      seeksVideo = false;
      return null;
    }
    int look = (int) Math.min(FlvTag.LOOK, left);
    if (!window.has(at, look)) {
      tags--;
      return new Needs(at, look);
    }
    @Nullable FlvTag tag = FlvTag.at(window, at);
    if (tag == null) {
      throw new BadMedia("no tag at %d".formatted(at));
    }
    boolean kept =
        tag.kind() == Tag.Kind.SCRIPT
            ? script == null
            : tag.content() == FlvTag.Content.CONFIGURATION && isSought(tag);
    if (kept && tag.length() > 0) {
      if (tag.length() > Limits.SCRIPT_BYTES || tag.length() > left - FlvTag.HEAD) {
        throw new BadMedia("a tag of %d bytes".formatted(tag.length()));
      }
      int whole = FlvTag.HEAD + tag.length();
      if (!window.has(at, whole)) {
        tags--;
        return new Needs(at, whole);
      }
      keep(window, tag);
    }
    pass(tag);
    return null;
  }

  private boolean isSought(FlvTag tag) {
    return tag.kind() == Tag.Kind.VIDEO ? seeksVideo : seeksAudio;
  }

  private void keep(Window window, FlvTag tag) {
    byte[] payload = new byte[tag.length()];
    window.copy(tag.begin(), payload, 0, payload.length);
    if (tag.kind() == Tag.Kind.SCRIPT) {
      ScriptReader read = ScriptReader.of(payload);
      if (!read.isMetadata()) {
        return;
      }
      script = read;
      double seconds = read.duration();
      millis = seconds > 0 && seconds < 1e9 ? Math.round(seconds * 1000) : -1;
    }
    head.add(new Tag(tag.kind(), 0, Slice.of(payload)));
  }

  private void pass(FlvTag tag) {
    if (tag.kind() == Tag.Kind.VIDEO) {
      seeksVideo = false;
      hasVideo = true;
    } else if (tag.kind() == Tag.Kind.AUDIO) {
      seeksAudio = false;
    }
    if (tag.fourCc() != 0) {
      fourCcs.add(Box.name(tag.fourCc()));
    }
    if (base < 0 && tag.kind() != Tag.Kind.SCRIPT) {
      base = Math.max(0, tag.millis());
    }
    at = tag.end();
  }

  /** Looks at the file's last tag for its time; a file that is cut has none, and is played. */
  private @Nullable Needs last(Window window) {
    long length = window.objectLength();
    if (lastTag < 0) {
      if (!window.has(length - FlvTag.TRAILER, FlvTag.TRAILER)) {
        return new Needs(length - FlvTag.TRAILER, FlvTag.TRAILER);
      }
      long size = 0;
      for (long i = length - FlvTag.TRAILER; i < length; i++) {
        size = size << 8 | window.at(i);
      }
      lastTag = length - FlvTag.TRAILER - size;
      if (size < FlvTag.HEAD || lastTag < first) {
        lastTag = length;
      }
    }
    if (lastTag == length) {
      return null;
    }
    int look = (int) Math.min(FlvTag.LOOK, length - lastTag);
    if (!window.has(lastTag, look)) {
      return new Needs(lastTag, look);
    }
    @Nullable FlvTag tag = FlvTag.at(window, lastTag);
    if (tag != null && tag.end() == length) {
      millis = Math.max(-1, tag.millis() - base);
    }
    return null;
  }

  private Medium medium() {
    return new FlvMedium(
        List.copyOf(head),
        List.copyOf(fourCcs),
        millis,
        first,
        base,
        hasVideo,
        FlvKeyframes.of(script, base));
  }
}
