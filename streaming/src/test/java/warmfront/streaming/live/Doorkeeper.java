package warmfront.streaming.live;

import java.util.Optional;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;
import warmfront.streaming.rtmp.Session;

/** Lets everybody in who connects, whatever the application. */
final class Doorkeeper implements Session {
  private final Hub hub;
  private final Link link;
  private Optional<Session> session = Optional.empty();

  Doorkeeper(Hub hub, Link link) {
    this.hub = hub;
    this.link = link;
  }

  @Override
  public void command(Command command) {
    if (session.isEmpty()) {
      session = hub.connect(link, command);
    } else {
      session.get().command(command);
    }
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
