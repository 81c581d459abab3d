package warmfront.streaming.play;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.signing.Permission;
import warmfront.streaming.play.Library.Outcome;
import warmfront.streaming.play.OnDemand.House;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;
import warmfront.streaming.rtmp.Session;

/**
 * A viewer's connection (RTMP 1.0, section 7.2.1): its calls, its streams, and the one timer that
 * keeps all of them going. On the loop of its link.
 */
final class NetConnection implements Session {
  private final House house;
  private final Link link;
  private final Viewer viewer;
  private final boolean signed;
  private final Map<Integer, NetStream> streams = new HashMap<>();
  private final Duration tick;
  private final Duration rest;
  private Link.@Nullable Timer timer;
  private boolean active;
  private int lastStream;
  private int openings;
  private int failures;
  private long bufferMillis;
  private boolean closed;

  NetConnection(House house, Link link, Viewer viewer, boolean signed) {
    this.house = house;
    this.link = link;
    this.viewer = viewer;
    this.signed = signed;
    this.tick = house.limits().pace().tick();
    this.rest = house.limits().connection().rest();
    this.bufferMillis = house.limits().pace().buffer().toMillis();
    happened(Event.Kind.CONNECT, Optional.empty());
    timer = link.after(rest, this::rested);
  }

  @Override
  public void command(Command command) {
    NetStream stream = streams.get(command.streamId());
    switch (command.name()) {
      case "createStream" -> createStream(command);
      case "deleteStream" -> delete((int) command.number(1).orElse(command.streamId()));
      case "getStreamLength" -> getStreamLength(command);
      case "FCSubscribe" -> subscribed(command);
      case "checkBandwidth" -> {
        answer(command, Amf.nothing());
        link.command(0, "onBWDone", 0, List.of(Amf.nothing(), Amf.of(0)));
      }
      case "publish" -> {
        status(command.streamId(), Status.PUBLISH_DENIED.object("Nobody publishes here.", ""));
      }
      default -> {
        // Some of these have a transaction in spite of section 7.2.2, and librtmp waits for it.
        if (stream == null || !call(stream, command)) {
          answer(command, Amf.nothing());
        }
      }
    }
    settle();
  }

  @Override
  public void media(MediaMessage message) {
    // Viewers have nothing to say in media; the link takes none of them.
  }

  @Override
  public void bufferLength(int streamId, long millis) {
    NetStream stream = streams.get(streamId);
    if (stream == null) {
      bufferMillis = millis;
    } else {
      stream.bufferLength(millis);
      stream.pump();
    }
  }

  @Override
  public void settled() {
    // Everything has been answered where it came.
  }

  @Override
  public void writable() {
    streams.values().forEach(NetStream::pump);
    settle();
  }

  @Override
  public void drain() {
    status(0, Status.CONNECT_CLOSED.object("The server ends.", ""));
    link.close();
  }

  @Override
  public void closed(Ending why) {
    closed = true;
    streams.values().forEach(NetStream::close);
    streams.clear();
    if (timer != null) {
      timer.cancel();
    }
    happened(Event.Kind.DISCONNECT, Optional.empty());
  }

  Viewer viewer() {
    return viewer;
  }

  long nanos() {
    return house.clock().nanos();
  }

  void status(int streamId, Amf object) {
    link.command(streamId, "onStatus", 0, List.of(Amf.nothing(), object));
  }

  void happened(Event.Kind kind, Optional<Event.Played> played) {
    house.events().happened(new Event(kind, house.clock().now(), viewer, link.sentBytes(), played));
  }

  /** Opens what has a name, if the viewer may; {@code then} is not called once the link is gone. */
  void open(MediaName name, Consumer<Outcome> then) {
    if (signed && permission(name) instanceof Permission.Refused refused) {
      opened(new Outcome.Unplayable("access denied, " + refused.message()), then);
      return;
    }
    if (openings >= house.limits().connection().openingsMax()) {
      opened(new Outcome.Unplayable("too many names are being opened for this connection"), then);
      return;
    }
    openings++;
    house
        .library()
        .open(
            viewer.distribution(),
            name.paths(),
            link.loop(),
            outcome -> {
              openings--;
              if (!closed) {
                opened(outcome, then);
                pumped();
              }
            });
  }

  private void opened(Outcome outcome, Consumer<Outcome> then) {
    then.accept(outcome);
    boolean failed = !(outcome instanceof Outcome.Opened);
    if (failed && ++failures > house.limits().connection().failuresMax()) {
      status(0, Status.CONNECT_CLOSED.object("Too many names could not be played.", ""));
      link.close();
    }
  }

  /** Something was sent outside a call of the link's. */
  void pumped() {
    link.flush();
    settle();
  }

  private Permission permission(MediaName name) {
    return house
        .verifier()
        .verify(
            name.signed().presented(),
            name.resource(),
            viewer.address().getAddress(),
            house.clock().now());
  }

  private boolean call(NetStream stream, Command command) {
    switch (command.name()) {
      case "play" -> play(stream, command);
      case "play2" -> play2(stream, command);
      case "seek" -> stream.seek(command.number(1).orElse(Double.NaN));
      case "pause", "pauseRaw" -> {
        if (command.value(1) instanceof Amf.Nothing) {
          stream.togglePause();
        } else {
          stream.pause(command.truth(1));
        }
      }
      case "receiveAudio" -> stream.receiveAudio(command.truth(1));
      case "receiveVideo" -> stream.receiveVideo(command.truth(1));
      case "closeStream" -> stream.close();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void play(NetStream stream, Command play) {
    if (play.value(1) instanceof Amf.Truth) {
      stream.close(); // play(false) is how Flash stops a stream
      return;
    }
    PlayRequest.of(play)
        .ifPresentOrElse(stream::play, () -> notFound(play, play.text(1).orElse("")));
  }

  private void play2(NetStream stream, Command play2) {
    String transition = PlayRequest.option(play2, "transition").text().orElse("reset");
    Optional<PlayRequest> request =
        PlayRequest.ofOptions(play2, !transition.equals("append") && !transition.equals("stop"));
    if (request.isEmpty()) {
      notFound(play2, PlayRequest.option(play2, "streamName").text().orElse(""));
      return;
    }
    switch (transition) {
      case "switch", "swap" -> stream.change(request.get());
      case "reset", "append", "stop" -> stream.play(request.get());
      default ->
          status(
              play2.streamId(),
              Status.PLAY_FAILED.object(
                  "There is no such transition here.", request.get().name().given()));
    }
  }

  private void notFound(Command play, String name) {
    String given = name.length() > 256 ? name.substring(0, 256) : name;
    status(
        play.streamId(),
        Status.PLAY_STREAM_NOT_FOUND.object("No object can have this name.", given));
  }

  private void createStream(Command command) {
    if (streams.size() >= house.limits().connection().streamsMax()) {
      Amf info = Status.CALL_FAILED.object("Too many streams on this connection.", "");
      link.command(0, "_error", command.transaction(), List.of(Amf.nothing(), info));
      return;
    }
    int id = ++lastStream;
    streams.put(id, new NetStream(this, link, house.limits(), id, bufferMillis));
    link.command(0, "_result", command.transaction(), List.of(Amf.nothing(), Amf.of(id)));
  }

  private void delete(int id) {
    NetStream stream = streams.remove(id);
    if (stream != null) {
      stream.close();
    }
  }

  /**
   * Tells a file's duration in seconds; 0 if it has none, since an error would end some players.
   */
  private void getStreamLength(Command command) {
    Optional<MediaName> name = command.text(1).flatMap(MediaName::of);
    if (name.isEmpty()) {
      answer(command, Amf.of(0));
      return;
    }
    open(
        name.get(),
        outcome ->
            answer(
                command,
                Amf.of(
                    outcome instanceof Outcome.Opened opened
                        ? Math.max(0, opened.medium().durationMillis()) / 1000.0
                        : 0)));
  }

  private void subscribed(Command command) {
    answer(command, Amf.nothing());
    Amf info = Status.PLAY_START.object("Subscribed.", command.text(1).orElse(""));
    link.command(0, "onFCSubscribe", 0, List.of(Amf.nothing(), info));
  }

  /** Answers a call that wants an answer; librtmp waits for it otherwise. */
  private void answer(Command command, Amf value) {
    if (command.transaction() > 0) {
      link.command(
          command.streamId(), "_result", command.transaction(), List.of(Amf.nothing(), value));
    }
  }

  /** Sees to it that there is the timer that is needed now: none twice. */
  private void settle() {
    boolean nowActive = !closed && streams.values().stream().anyMatch(NetStream::isActive);
    if (closed || nowActive == active) {
      return;
    }
    active = nowActive;
    if (timer != null) {
      timer.cancel();
    }
    timer = active ? link.after(tick, this::ticked) : link.after(rest, this::rested);
  }

  private void ticked() {
    timer = link.after(tick, this::ticked);
    List.copyOf(streams.values()).forEach(NetStream::tick);
    pumped();
  }

  private void rested() {
    status(0, Status.CONNECT_CLOSED.object("Nothing has been playing for long.", ""));
    link.close();
  }
}
