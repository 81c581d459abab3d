package warmfront.streaming.play;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.play.Library.Outcome;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.StreamEvent;

/**
 * A stream of a viewer's connection (RTMP 1.0, section 7.2.2): nothing, or an object that is being
 * played, and what is to come after it. The order in which it tells things is that which players of
 * Adobe's server know.
 */
final class NetStream {
  private final NetConnection connection;
  private final Link link;
  private final PlayLimits limits;
  private final int id;
  private final Queue<PlayRequest> playlist = new ArrayDeque<>();
  private @Nullable PlayRequest request;
  private @Nullable Playback playback;
  private @Nullable Playback next;
  private @Nullable PlayRequest nextRequest;
  private boolean nextAimed;

  /** Changes with whatever makes an opening that is under way useless. */
  private int openings;

  private boolean opening;

  /** Where to go as soon as it is open: a seek may come before that; NaN for nowhere. */
  private double seekMillis = Double.NaN;

  private boolean paused;
  private boolean picture;
  private boolean audio = true;
  private boolean video = true;
  private long bufferMillis;

  NetStream(NetConnection connection, Link link, PlayLimits limits, int id, long bufferMillis) {
    this.connection = connection;
    this.link = link;
    this.limits = limits;
    this.id = id;
    this.bufferMillis = bufferMillis;
  }

  /** Returns whether something is to be sent, now or later. */
  boolean isActive() {
    return opening || (playback != null && (!paused || picture));
  }

  void bufferLength(long millis) {
    bufferMillis = millis;
  }

  void receiveAudio(boolean wanted) {
    audio = wanted;
  }

  void receiveVideo(boolean wanted) {
    video = wanted;
  }

  /** Plays something, now or after all that is playing. */
  void play(PlayRequest asked) {
    if (!asked.reset() && (opening || playback != null)) {
      if (playlist.size() < limits.connection().playlistMax()) {
        playlist.add(asked);
      } else {
        status(Status.PLAY_FAILED, "The playlist is full.", asked);
      }
      return;
    }
    close();
    paused = false;
    open(asked, 0);
  }

  /** Plays something instead of what is playing, from its next keyframe on (play2, switch). */
  void change(PlayRequest asked) {
    if (playback == null) {
      play(asked);
      return;
    }
    int mine = ++openings;
    opening = true;
    connection.open(
        asked.name(),
        outcome -> {
          if (mine == openings) {
            opening = false;
            changed(asked, outcome);
          }
        });
  }

  /** Ends what is playing, and what was to come. */
  void close() {
    openings++;
    opening = false;
    playlist.clear();
    forgetNext();
    end();
  }

  void seek(double millis) {
    if (opening && playback == null) {
      seekMillis = millis;
      return;
    }
    Playback now = playback;
    PlayRequest asked = request;
    if (now == null || asked == null) {
      connection.status(id, Status.SEEK_FAILED.object("Nothing is playing.", ""));
      return;
    }
    long duration = now.durationMillis();
    if (!(millis >= 0) || (duration >= 0 && millis > duration)) {
      status(Status.SEEK_INVALID_TIME, "There is nothing at " + millis + " ms.", asked);
      return;
    }
    forgetNext();
    now.seek((long) Math.min(millis, Integer.MAX_VALUE), connection.nanos());
    picture = paused;
    link.event(StreamEvent.RECORDED, id);
    link.event(StreamEvent.BEGIN, id);
    status(Status.SEEK_NOTIFY, "Seeking " + (long) millis + " (stream ID: " + id + ").", asked);
    status(Status.PLAY_START, "Started playing " + asked.name().given() + ".", asked);
    announceData();
    happened(Event.Kind.SEEK);
    pump();
  }

  /** Pauses or goes on. */
  void pause(boolean wanted) {
    Playback now = playback;
    PlayRequest asked = request;
    if (wanted == paused || asked == null) {
      return;
    }
    paused = wanted;
    picture = false;
    String name = asked.name().given();
    if (wanted) {
      status(Status.PAUSE_NOTIFY, "Pausing " + name + ".", asked);
    } else {
      status(Status.UNPAUSE_NOTIFY, "Unpausing " + name + ".", asked);
    }
    if (now != null) {
      happened(wanted ? Event.Kind.PAUSE : Event.Kind.UNPAUSE);
      if (wanted) {
        now.pause(connection.nanos());
      } else {
        now.resume(connection.nanos());
        pump();
      }
    }
  }

  /** Pauses if it plays, plays if it is paused. */
  void togglePause() {
    pause(!paused);
  }

  /** Time has passed: what failed is tried again, what was early may be due. */
  void tick() {
    Playback now = playback;
    if (now == null || !isActive()) {
      return;
    }
    if (now.tryAgain(limits.reading().attemptsMax())) {
      pump();
    } else {
      fail(now.failure());
    }
  }

  /** Sends what may be sent now. */
  void pump() {
    while (playback != null && (!paused || picture)) {
      aim();
      switch (playback.send(to())) {
        case COMING, BLOCKED -> {
          return;
        }
        case EARLY -> {
          picture = false;
          return;
        }
        case SHOWN -> picture = false;
        case BROKEN -> {
          // Left to the next tick, which tries again or gives up: never in a circle at once.
          return;
        }
        case ENDED -> {
          if (!follow()) {
            complete();
          }
        }
      }
    }
  }

  private Playback.To to() {
    return new Playback.To(link, id, audio, video, picture, bufferMillis, connection.nanos());
  }

  private void open(PlayRequest asked, long timestamp) {
    if (asked.start() == PlayRequest.LIVE_ONLY) {
      status(Status.PLAY_STREAM_NOT_FOUND, "There are files here, no live streams.", asked);
      return;
    }
    request = asked;
    seekMillis = Double.NaN;
    int mine = ++openings;
    opening = true;
    connection.open(
        asked.name(),
        outcome -> {
          if (mine == openings) {
            opening = false;
            opened(asked, outcome, timestamp);
          }
        });
  }

  private void opened(PlayRequest asked, Outcome outcome, long timestamp) {
    Optional<Outcome.Opened> medium = playable(asked, outcome);
    if (medium.isEmpty()) {
      playlist.clear();
      return;
    }
    Playback begun = playback(medium.get(), asked);
    begun.beginAt(timestamp);
    if (paused) {
      begun.pause(connection.nanos());
      picture = true;
    }
    playback = begun;
    link.event(StreamEvent.RECORDED, id);
    link.event(StreamEvent.BEGIN, id);
    String name = asked.name().given();
    if (asked.reset()) {
      status(Status.PLAY_RESET, "Playing and resetting " + name + ".", asked);
    }
    status(Status.PLAY_START, "Started playing " + name + ".", asked);
    announceData();
    happened(Event.Kind.PLAY);
    if (Double.isNaN(seekMillis)) {
      pump();
    } else {
      seek(seekMillis);
    }
  }

  private Playback playback(Outcome.Opened medium, PlayRequest asked) {
    Playback begun = new Playback(medium, asked.startMillis(), limits, link.loop(), this::arrived);
    begun.endAt(asked.endMillis());
    return begun;
  }

  /** Returns what can be played of an outcome; else the viewer has been told why it cannot. */
  private Optional<Outcome.Opened> playable(PlayRequest asked, Outcome outcome) {
    switch (outcome) {
      case Outcome.Opened opened -> {
        Optional<String> codec =
            opened.medium().fourCcs().stream()
                .filter(each -> !connection.viewer().takes(each))
                .findFirst();
        if (codec.isEmpty()) {
          return Optional.of(opened);
        }
        status(Status.PLAY_FAILED, "This player does not take " + codec.get() + ".", asked);
      }
      case Outcome.Missing(int status) when status == 403 || status == 404 ->
          status(
              Status.PLAY_STREAM_NOT_FOUND,
              "Failed to play " + asked.name().given() + "; stream not found.",
              asked);
      case Outcome.Missing(int status) ->
          status(Status.PLAY_FAILED, "The origin answered " + status + ".", asked);
      case Outcome.Unplayable(String reason) ->
          status(Status.PLAY_FAILED, "It cannot be played: " + reason + ".", asked);
    }
    return Optional.empty();
  }

  private void changed(PlayRequest asked, Outcome outcome) {
    Optional<Outcome.Opened> medium = playable(asked, outcome);
    Playback now = playback;
    if (medium.isEmpty() || now == null) {
      return;
    }
    forgetNext();
    next = new Playback(medium.get(), now.nextMillis(), limits, link.loop(), this::arrived);
    nextRequest = asked;
    status(Status.PLAY_TRANSITION, "Going over to " + asked.name().given() + ".", asked);
    pump();
  }

  /** Looks for the keyframe where the next one takes over, and lets this one end there. */
  private void aim() {
    Playback following = next;
    Playback now = playback;
    if (following == null || now == null || nextAimed) {
      return;
    }
    switch (following.aim(now.nextMillis())) {
      case SHOWN -> {
        nextAimed = true;
        now.endBy(Math.max(following.nextMillis(), now.nextMillis() + 1));
      }
      case ENDED, BROKEN -> forgetNext();
      case COMING, BLOCKED, EARLY -> {}
    }
  }

  /** Lets the next one take over; false if there is none. */
  private boolean follow() {
    Playback following = next;
    Playback now = playback;
    if (following == null || now == null || !nextAimed) {
      return false;
    }
    following.follow(now, connection.nanos());
    now.close();
    playback = following;
    request = nextRequest;
    next = null;
    nextAimed = false;
    playStatus(Status.PLAY_TRANSITION_COMPLETE, "The transition is complete.");
    return true;
  }

  private void complete() {
    Playback done = playback;
    if (done == null) {
      return;
    }
    PlayRequest following = playlist.poll();
    if (following == null) {
      link.event(StreamEvent.END, id);
      playStatus(Status.PLAY_COMPLETE, "Completed playing.");
      stopped();
      end();
    } else {
      playStatus(Status.PLAY_SWITCH, "Going on to " + following.name().given() + ".");
      long timestamp = done.timestamp();
      end();
      open(following, timestamp);
    }
  }

  private void fail(String reason) {
    PlayRequest asked = request;
    playlist.clear();
    forgetNext();
    if (asked != null) {
      link.event(StreamEvent.END, id);
      status(Status.PLAY_FAILED, "It cannot be played on: " + reason + ".", asked);
    }
    end();
  }

  private void stopped() {
    PlayRequest asked = request;
    if (asked != null) {
      status(Status.PLAY_STOP, "Stopped playing " + asked.name().given() + ".", asked);
    }
  }

  private void end() {
    Playback done = playback;
    if (done != null) {
      happened(Event.Kind.STOP);
      done.close();
      playback = null;
    }
    request = null;
    picture = false;
  }

  private void forgetNext() {
    if (next != null) {
      next.close();
      next = null;
      nextAimed = false;
    }
  }

  private void arrived() {
    pump();
    connection.pumped();
  }

  /**
   * Says that what comes may be looked at and listened to, as Adobe's server does. The status of
   * data beginning, which followed there, is left out: FFmpeg takes it for a third stream.
   */
  private void announceData() {
    link.data(id, List.of(Amf.of("|RtmpSampleAccess"), Amf.of(true), Amf.of(true)));
  }

  private void playStatus(Status status, String description) {
    Playback now = playback;
    SequencedMap<String, Amf> members = status.members(description);
    if (now != null) {
      members.put("duration", Amf.of(Math.max(0, now.durationMillis()) / 1000.0));
      members.put("bytes", Amf.of((double) now.sentBytes()));
    }
    link.data(id, List.of(Amf.of("onPlayStatus"), Amf.of(members)));
  }

  private void status(Status status, String description, PlayRequest asked) {
    connection.status(id, status.object(description, asked.name().given()));
  }

  private void happened(Event.Kind kind) {
    PlayRequest asked = request;
    if (asked != null) {
      MediaName name = asked.name();
      String extension = MediaName.extension(name.paths().getFirst());
      connection.happened(
          kind, Optional.of(new Event.Played(name.given(), name.query(), extension, id)));
    }
  }
}
