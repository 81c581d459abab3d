package warmfront.streaming.live;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import warmfront.streaming.rtmp.Amf;

/** What publishers and players are told by onStatus and in answer to connect, by its code. */
enum Status {
  CONNECTED("status", "NetConnection.Connect.Success"),
  CONNECT_CLOSED("status", "NetConnection.Connect.Closed"),
  PUBLISH_START("status", "NetStream.Publish.Start"),
  PUBLISH_BAD_NAME("error", "NetStream.Publish.BadName"),
  PUBLISH_DENIED("error", "NetStream.Publish.Denied"),
  UNPUBLISHED("status", "NetStream.Unpublish.Success"),
  PLAY_RESET("status", "NetStream.Play.Reset"),
  PLAY_START("status", "NetStream.Play.Start"),
  PLAY_STOP("status", "NetStream.Play.Stop"),
  PLAY_PUBLISHED("status", "NetStream.Play.PublishNotify"),
  PLAY_UNPUBLISHED("status", "NetStream.Play.UnpublishNotify"),
  PLAY_NOT_FOUND("error", "NetStream.Play.StreamNotFound"),
  PLAY_INSUFFICIENT("warning", "NetStream.Play.InsufficientBW"),
  SEEK_FAILED("error", "NetStream.Seek.Failed"),
  PAUSE_NOTIFY("status", "NetStream.Pause.Notify"),
  UNPAUSE_NOTIFY("status", "NetStream.Unpause.Notify"),
  CALL_FAILED("error", "NetConnection.Call.Failed");

  private final String level;
  private final String code;

  Status(String level, String code) {
    this.level = level;
    this.code = code;
  }

  /** Returns the members of the status object, to which others may be added. */
  SequencedMap<String, Amf> members(String description) {
    SequencedMap<String, Amf> members = new LinkedHashMap<>();
    members.put("level", Amf.of(level));
    members.put("code", Amf.of(code));
    members.put("description", Amf.of(description));
    return members;
  }

  /** Returns what follows the name of a command that says it. */
  List<Amf> values(String description, String details) {
    SequencedMap<String, Amf> members = members(description);
    members.put("details", Amf.of(details));
    return List.of(Amf.nothing(), Amf.of(members));
  }
}
