package warmfront.streaming.play;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;
import warmfront.streaming.rtmp.Session;
import warmfront.streaming.rtmp.Sessions;

/** Where every connection begins: its connect command says which application it is for. */
public final class FrontDoor implements Sessions {
  private final Map<String, Application> applications;

  /** What may be connected to. */
  @FunctionalInterface
  public interface Application {
    /**
     * Answers a connect command.
     *
     * @return the session that hears of everything from now on; nothing if it has been refused, and
     *     told so
     */
    Optional<Session> connect(Link link, Command connect);
  }

  /**
   * Makes a door.
   *
   * @param applications by the first segment of their names, as {@code cfx}
   */
  public FrontDoor(Map<String, Application> applications) {
    this.applications = Map.copyOf(applications);
  }

  @Override
  public Session begin(Link link) {
    return new Entrance(link);
  }

  /** Refuses a connect command and closes the link (RTMP 1.0, section 7.2.1.1). */
  static void refuse(Link link, Command connect, Status status, Refusal refusal) {
    String text = "[ Server.Reject ] : " + refusal.code() + " : " + refusal.text();
    SequencedMap<String, Amf> info = status.members(text);
    SequencedMap<String, Amf> application = new LinkedHashMap<>();
    application.put("message", Amf.of(refusal.code()));
    info.put("application", Amf.of(application));
    link.greet(); // without it, the client reads chunks of another size than we send
    link.command(0, "_error", connect.transaction(), List.of(Amf.nothing(), Amf.of(info)));
    link.close();
  }

  /** A connection that has not said yet where it leads; afterwards it passes everything on. */
  private final class Entrance implements Session {
    private final Link link;
    private Optional<Session> session = Optional.empty();
    private boolean asked;

    Entrance(Link link) {
      this.link = link;
    }

    @Override
    public void command(Command command) {
      if (session.isPresent()) {
        session.get().command(command);
      } else if (asked || !command.name().equals("connect")) {
        link.close();
      } else {
        asked = true;
        session = connect(command);
      }
    }

    private Optional<Session> connect(Command connect) {
      Optional<ConnectUri> uri = ConnectUri.of(connect);
      Application application =
          uri.map(ConnectUri::application).map(applications::get).orElse(null);
      if (application == null) {
        Status status = uri.isEmpty() ? Status.CONNECT_REJECTED : Status.CONNECT_INVALID_APP;
        refuse(link, connect, status, Refusal.INVALID_URI);
        return Optional.empty();
      }
      return application.connect(link, connect);
    }

    @Override
    public void media(MediaMessage message) {
      session.ifPresent(known -> known.media(message));
    }

    @Override
    public void bufferLength(int streamId, long millis) {
      session.ifPresent(known -> known.bufferLength(streamId, millis));
    }

    @Override
    public void settled() {
      session.ifPresent(Session::settled);
    }

    @Override
    public void writable() {
      session.ifPresent(Session::writable);
    }

    @Override
    public void drain() {
      session.ifPresentOrElse(Session::drain, link::close);
    }

    @Override
    public void closed(Ending why) {
      session.ifPresent(known -> known.closed(why));
    }
  }
}
