package warmfront.streaming.rtmp;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session that writes down what it is told, and answers only connect and createStream. */
final class Heard implements Session {
  final Link link;
  final BlockingQueue<String> told;

  Heard(Link link, BlockingQueue<String> told) {
    this.link = link;
    this.told = told;
  }

  /** Sessions of any number of peers, and what they are told. */
  static final class All implements Sessions {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    final BlockingQueue<Heard> sessions = new LinkedBlockingQueue<>();

    @Override
    public Session begin(Link link) {
      Heard session = new Heard(link, told);
      sessions.add(session);
      return session;
    }

    Heard session() throws InterruptedException {
      return Objects.requireNonNull(sessions.poll(10, TimeUnit.SECONDS));
    }

    String next() throws InterruptedException {
      return String.valueOf(told.poll(10, TimeUnit.SECONDS));
    }
  }

  @Override
  public void command(Command command) {
    told.add(command.name() + command.values());
    switch (command.name()) {
      case "connect" -> {
        link.greet();
        link.command(0, "_result", command.transaction(), List.of(Amf.nothing()));
      }
      case "createStream" ->
          link.command(0, "_result", command.transaction(), List.of(Amf.nothing(), Amf.of(1)));
      case "flood" -> {
        byte[] bytes = new byte[60_000];
        MediaHead head = new MediaHead(MediaKind.VIDEO, 1, 0, bytes.length);
        link.media(head, (at, target) -> target.put(bytes, at, target.remaining()));
      }
      case "fail" -> throw new IllegalStateException("on purpose");
      case "close" -> {
        link.command(0, "bye", 0, List.of());
        link.close();
      }
      default -> {}
    }
  }

  @Override
  public void media(MediaMessage message) {
    told.add(
        "%s %d@%d:%d"
            .formatted(
                message.kind(), message.streamId(), message.millis(), message.payload().length()));
  }

  @Override
  public void bufferLength(int streamId, long millis) {
    told.add("buffer %d %d".formatted(streamId, millis));
  }

  @Override
  public void settled() {}

  @Override
  public void writable() {
    told.add("writable");
  }

  @Override
  public void drain() {
    told.add("drain");
    link.close();
  }

  @Override
  public void closed(Ending why) {
    told.add("closed " + why);
  }
}
