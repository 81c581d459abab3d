package warmfront.streaming;

import java.util.concurrent.atomic.LongAdder;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Ending;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaMessage;
import warmfront.streaming.rtmp.Session;

/**
 * A session whose bytes are counted: whenever its peer says something, as viewers do all along
 * (they acknowledge what came), and at its end.
 */
final class Counted implements Session {
  private final Link link;
  private final Session session;
  private final LongAdder sent;
  private long counted;

  Counted(Link link, Session session, LongAdder sent) {
    this.link = link;
    this.session = session;
    this.sent = sent;
  }

  private void count() {
    long now = link.sentBytes();
    sent.add(now - counted);
    counted = now;
  }

  @Override
  public void command(Command command) {
    session.command(command);
  }

  @Override
  public void media(MediaMessage message) {
    session.media(message);
  }

  @Override
  public void bufferLength(int streamId, long millis) {
    session.bufferLength(streamId, millis);
  }

  @Override
  public void settled() {
    session.settled();
    count();
  }

  @Override
  public void writable() {
    session.writable();
    count();
  }

  @Override
  public void drain() {
    session.drain();
  }

  @Override
  public void closed(Ending why) {
    session.closed(why);
    count();
  }
}
