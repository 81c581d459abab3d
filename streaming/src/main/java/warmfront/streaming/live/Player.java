package warmfront.streaming.live;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaHead;
import warmfront.streaming.rtmp.Packet;
import warmfront.streaming.rtmp.StreamEvent;

/** One who watches a channel. On the loop of its link. */
final class Player {
  private final Link link;
  private final int streamId;
  private final String name;
  private final LiveLimits limits;
  private final AtomicLong missed;
  private long from;
  private boolean isPaused;
  private boolean wantsAudio = true;
  private boolean wantsVideo = true;

  /** Whether everything is left out until a keyframe. */
  private boolean isWaiting;

  /** Whether it is waiting because it did not keep up, and since when. */
  private boolean isLate;

  private long lateSince;

  /**
   * Makes one.
   *
   * @param name of the channel
   * @param missed counts the frames that are left out for players that do not keep up
   */
  Player(Link link, int streamId, String name, LiveLimits limits, AtomicLong missed) {
    this.link = link;
    this.streamId = streamId;
    this.name = name;
    this.limits = limits;
    this.missed = missed;
  }

  /** Returns the channel's name. */
  String name() {
    return name;
  }

  Link link() {
    return link;
  }

  /**
   * Is given what is kept.
   *
   * @param packets of the kept frames; lent
   * @param next the number of the frame that is the first not to be among them
   */
  void join(List<Tag> head, List<Frame> kept, List<Packet> packets, boolean hasVideo, long next) {
    from = next;
    isWaiting = hasVideo && kept.isEmpty();
    long millis = kept.isEmpty() ? 0 : kept.getFirst().tag().millis();
    for (Tag tag : head) {
      Frame frame = new Frame(0, tag, Role.of(tag));
      link.media(frame.head(streamId, millis), frame.body());
    }
    for (int i = 0; i < kept.size(); i++) {
      send(kept.get(i), packets.get(i));
    }
  }

  /** Is given what comes; flushed by the caller. */
  void frames(Batch batch, long now) {
    for (int i = 0; i < batch.frames().size(); i++) {
      Frame frame = batch.frames().get(i);
      if (frame.number() >= from) {
        frame(frame, batch.packets().get(i), now);
      }
    }
  }

  private void frame(Frame frame, Packet packet, long now) {
    if (isPaused) {
      return;
    }
    if (!isLate && link.pendingBytes() > limits.lateBytesMax()) {
      isLate = true;
      isWaiting = true;
      lateSince = now;
    }
    if (isWaiting && !mayGoOn(frame)) {
      missed(now);
      return;
    }
    send(frame, packet);
  }

  /** Returns whether it is free again, or need not wait for this. */
  private boolean mayGoOn(Frame frame) {
    return switch (frame.role()) {
      case METADATA, VIDEO_CONFIGURATION, AUDIO_CONFIGURATION -> true; // they are short, and once
      case AUDIO, DATA -> !isLate;
      case VIDEO -> false;
      case KEYFRAME -> isFree();
    };
  }

  private boolean isFree() {
    if (isLate && link.pendingBytes() > limits.lateBytesMax() / 4) {
      return false;
    }
    isLate = false;
    isWaiting = false;
    return true;
  }

  private void missed(long now) {
    if (!isLate) {
      return;
    }
    missed.incrementAndGet();
    if (now - lateSince > limits.lateness().toNanos()) {
      status(Status.PLAY_INSUFFICIENT, "The connection is too slow for the stream.");
      link.close();
    }
  }

  private void send(Frame frame, Packet packet) {
    boolean isWanted =
        switch (frame.tag().kind()) {
          case AUDIO -> wantsAudio;
          case VIDEO -> wantsVideo;
          case SCRIPT -> true;
        };
    if (!isWanted) {
      return;
    }
    if (streamId == Frame.STREAM) {
      link.packet(packet);
    } else {
      MediaHead head = frame.head(streamId, frame.tag().millis());
      link.media(head, frame.body());
    }
  }

  /** A stream begins on the channel, after one that had ended or before any. */
  void published() {
    link.event(StreamEvent.BEGIN, streamId);
    status(Status.PLAY_PUBLISHED, "The channel is published.");
  }

  /** The stream has ended. */
  void unpublished() {
    status(Status.PLAY_UNPUBLISHED, "The channel is not published any more.");
    link.event(StreamEvent.END, streamId);
  }

  void pause(boolean paused) {
    isPaused = paused;
    isWaiting |= paused; // it goes on at a keyframe
    status(paused ? Status.PAUSE_NOTIFY : Status.UNPAUSE_NOTIFY, paused ? "Paused." : "Goes on.");
  }

  boolean isPaused() {
    return isPaused;
  }

  void receiveAudio(boolean wanted) {
    wantsAudio = wanted;
  }

  void receiveVideo(boolean wanted) {
    wantsVideo = wanted;
    isWaiting |= wanted;
  }

  private void status(Status status, String description) {
    link.command(streamId, "onStatus", 0, status.values(description, name));
  }
}
