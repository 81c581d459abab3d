package warmfront.streaming.play;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import warmfront.streaming.rtmp.Amf;

/** What players are told by onStatus, onPlayStatus and in answer to connect, by its code. */
enum Status {
  CONNECT_SUCCESS("status", "NetConnection.Connect.Success"),
  CONNECT_REJECTED("error", "NetConnection.Connect.Rejected"),
  CONNECT_INVALID_APP("error", "NetConnection.Connect.InvalidApp"),
  CONNECT_CLOSED("status", "NetConnection.Connect.Closed"),
  CALL_FAILED("error", "NetConnection.Call.Failed"),
  PLAY_RESET("status", "NetStream.Play.Reset"),
  PLAY_START("status", "NetStream.Play.Start"),
  PLAY_STOP("status", "NetStream.Play.Stop"),
  PLAY_COMPLETE("status", "NetStream.Play.Complete"),
  PLAY_SWITCH("status", "NetStream.Play.Switch"),
  PLAY_TRANSITION("status", "NetStream.Play.Transition"),
  PLAY_TRANSITION_COMPLETE("status", "NetStream.Play.TransitionComplete"),
  PLAY_FAILED("error", "NetStream.Play.Failed"),
  PLAY_STREAM_NOT_FOUND("error", "NetStream.Play.StreamNotFound"),
  PUBLISH_DENIED("error", "NetStream.Publish.Denied"),
  SEEK_NOTIFY("status", "NetStream.Seek.Notify"),
  SEEK_FAILED("error", "NetStream.Seek.Failed"),
  SEEK_INVALID_TIME("error", "NetStream.Seek.InvalidTime"),
  PAUSE_NOTIFY("status", "NetStream.Pause.Notify"),
  UNPAUSE_NOTIFY("status", "NetStream.Unpause.Notify");

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

  /** Returns the status object of a stream; {@code details} is the stream's name. */
  Amf object(String description, String details) {
    SequencedMap<String, Amf> members = members(description);
    members.put("details", Amf.of(details));
    return Amf.of(members);
  }
}
