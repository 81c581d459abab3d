package warmfront.streaming.live;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.live.Hub.Publishing;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;
import warmfront.streaming.rtmp.Session;
import warmfront.streaming.rtmp.StreamEvent;

/** A connection to the application {@code live}: any number of streams either way. */
final class LiveSession implements Session {
  /** What clients take for a Flash Media Server that can do what they need. */
  private static final String SERVER = "FMS/3,5,7,7009";

  private static final double CAPABILITIES = 31;

  /** That codecs are passed on, without being understood (Enhanced RTMP v2, CanForward). */
  private static final double CAN_FORWARD = 4;

  private final Hub hub;
  private final LiveLimits limits;
  private final Link link;
  private final Set<Integer> streams = new HashSet<>();
  private final Map<Integer, Publisher> publishers = new HashMap<>();
  private final Map<Integer, Player> players = new HashMap<>();
  private int lastStream;

  private LiveSession(Hub hub, LiveLimits limits, Link link) {
    this.hub = hub;
    this.limits = limits;
    this.link = link;
  }

  /** Answers a connect command and returns the session of the connection. */
  static LiveSession connected(Hub hub, LiveLimits limits, Link link, Command connect) {
    link.greet();
    SequencedMap<String, Amf> properties = new LinkedHashMap<>();
    properties.put("fmsVer", Amf.of(SERVER));
    properties.put("capabilities", Amf.of(CAPABILITIES));
    properties.put("mode", Amf.of(1));
    SequencedMap<String, Amf> info = Status.CONNECTED.members("Connection succeeded.");
    Amf encoding = connect.value(0).members().get("objectEncoding");
    info.put("objectEncoding", encoding instanceof Amf.Numeral ? encoding : Amf.of(0));
    SequencedMap<String, Amf> anyCodec = new LinkedHashMap<>();
    anyCodec.put("*", Amf.of(CAN_FORWARD));
    info.put("videoFourCcInfoMap", Amf.of(anyCodec));
    info.put("audioFourCcInfoMap", Amf.of(anyCodec));
    link.command(0, "_result", connect.transaction(), List.of(Amf.of(properties), Amf.of(info)));
    link.command(0, "onBWDone", 0, List.of(Amf.nothing()));
    return new LiveSession(hub, limits, link);
  }

  @Override
  public void command(Command command) {
    int stream = command.streamId();
    switch (command.name()) {
      case "createStream" -> createStream(command);
      case "deleteStream" -> delete((int) command.number(1).orElse(stream));
      case "closeStream" -> stop(stream);
      case "publish" -> publish(command);
      case "FCUnpublish" -> {
        unpublish(stream, command.text(1).orElse(""));
        answer(command);
      }
      case "play" -> play(command);
      case "FCPublish" -> fastCommand(command, "onFCPublish", Status.PUBLISH_START);
      case "FCSubscribe" -> fastCommand(command, "onFCSubscribe", Status.PLAY_START);
      case "seek" -> status(stream, Status.SEEK_FAILED, "What is live has no other place.");
      case "pause", "pauseRaw", "receiveAudio", "receiveVideo" -> change(command);
      default -> answer(command);
    }
  }

  private void createStream(Command command) {
    if (streams.size() == limits.streamsMax()) {
      link.command(
          0,
          "_error",
          command.transaction(),
          Status.CALL_FAILED.values("Too many streams on this connection.", ""));
      return;
    }
    lastStream++;
    streams.add(lastStream);
    List<Amf> values = List.of(Amf.nothing(), Amf.of(lastStream));
    link.command(0, "_result", command.transaction(), values);
  }

  private void delete(int stream) {
    stop(stream);
    streams.remove(stream);
  }

  private void publish(Command command) {
    int stream = command.streamId();
    if (!streams.contains(stream)) {
      return;
    }
    stop(stream);
    switch (hub.publish(nameIn(command), link, stream)) {
      case Publishing.As(Publisher publisher) -> {
        publishers.put(stream, publisher);
        link.admitPublisher();
        link.event(StreamEvent.BEGIN, stream);
        status(stream, Status.PUBLISH_START, "The channel is yours.");
      }
      case Publishing.Refused.UNKNOWN ->
          status(stream, Status.PUBLISH_DENIED, "No channel that is at home here has this key.");
      case Publishing.Refused.TAKEN ->
          status(stream, Status.PUBLISH_BAD_NAME, "The channel is published by another.");
    }
  }

  private void play(Command command) {
    int stream = command.streamId();
    if (!streams.contains(stream)) {
      return;
    }
    stop(stream);
    String name = nameIn(command);
    Optional<Player> player = hub.player(name, link, stream);
    if (player.isEmpty()) {
      link.command(
          stream, "onStatus", 0, Status.PLAY_NOT_FOUND.values("There is no such channel.", name));
      return;
    }
    link.admit();
    link.event(StreamEvent.BEGIN, stream);
    link.command(stream, "onStatus", 0, Status.PLAY_RESET.values("Begins anew.", name));
    link.command(stream, "onStatus", 0, Status.PLAY_START.values("Plays.", name));
    link.data(stream, List.of(Amf.of("|RtmpSampleAccess"), Amf.of(true), Amf.of(true)));
    players.put(stream, player.get());
    hub.join(player.get());
  }

  /** Returns the name that a command gives, without what may follow it. */
  private static String nameIn(Command command) {
    String given = command.text(1).orElse("");
    int query = given.indexOf('?');
    return query < 0 ? given : given.substring(0, query);
  }

  private void change(Command command) {
    @Nullable Player player = players.get(command.streamId());
    if (player == null) {
      answer(command);
      return;
    }
    switch (command.name()) {
      case "receiveAudio" -> player.receiveAudio(command.truth(1));
      case "receiveVideo" -> player.receiveVideo(command.truth(1));
      default -> {
        boolean isToggled = command.value(1) instanceof Amf.Nothing;
        player.pause(isToggled ? !player.isPaused() : command.truth(1));
      }
    }
  }

  /** What Flash Media Live Encoder and old players call before they publish or play. */
  private void fastCommand(Command command, String reply, Status status) {
    answer(command);
    link.command(0, reply, 0, status.values("", command.text(1).orElse("")));
  }

  /** Answers a call that wants an answer; librtmp waits for it otherwise. */
  private void answer(Command command) {
    if (command.transaction() > 0) {
      link.command(0, "_result", command.transaction(), List.of(Amf.nothing(), Amf.nothing()));
    }
  }

  /** A publisher says that it ends, most of them on the connection itself. */
  private void unpublish(int stream, String key) {
    if (publishers.containsKey(stream)) {
      stop(stream);
    } else if (publishers.size() == 1 && !key.isEmpty()) {
      stop(publishers.keySet().iterator().next());
    }
  }

  /** Ends what goes on on a stream, as the peer wants. */
  private void stop(int stream) {
    @Nullable Publisher publisher = publishers.remove(stream);
    if (publisher != null) {
      publisher.leave(true);
      status(stream, Status.UNPUBLISHED, "The channel is free.");
    }
    @Nullable Player player = players.remove(stream);
    if (player != null) {
      hub.part(player);
      status(stream, Status.PLAY_STOP, "Stopped.");
    }
  }

  private void status(int stream, Status status, String description) {
    link.command(stream, "onStatus", 0, status.values(description, ""));
  }

  @Override
  public void media(MediaMessage message) {
    @Nullable Publisher publisher = publishers.get(message.streamId());
    if (publisher != null) {
      publisher.media(message);
    }
  }

  @Override
  public void bufferLength(int streamId, long millis) {
    // what is live comes when it comes
  }

  @Override
  public void settled() {
    publishers.values().forEach(Publisher::settled);
  }

  @Override
  public void writable() {
    // players look for themselves whether they keep up
  }

  @Override
  public void drain() {
    link.command(0, "onStatus", 0, Status.CONNECT_CLOSED.values("The server ends.", ""));
    link.close();
  }

  @Override
  public void closed(Ending why) {
    publishers.values().forEach(publisher -> publisher.leave(false));
    publishers.clear();
    players.values().forEach(hub::part);
    players.clear();
  }
}
