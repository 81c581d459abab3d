package warmfront.streaming.play;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Body;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaHead;
import warmfront.streaming.rtmp.MediaKind;
import warmfront.streaming.rtmp.Packet;
import warmfront.streaming.rtmp.StreamEvent;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.ManualClock;

/** A link that remembers what was sent, in words, and whose time is a clock's that tests move. */
final class FakeLink implements Link {
  /** A message of media as it would have been sent. */
  record Sent(MediaKind kind, long millis, ByteBuffer bytes) {}

  private final ManualClock clock;
  private final String id;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Later> timers = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  final Executor loop = tasks::add;

  /** Lets happen what follows from a timer's task. */
  Runnable settle = this::run;

  boolean writable = true;
  long room = Long.MAX_VALUE;
  boolean closed;
  boolean admitted;
  String lastApplicationMessage = "";
  private long bytes = 3073;
  private long unflushed;

  FakeLink(ManualClock clock, String id) {
    this.clock = clock;
    this.id = id;
  }

  private final class Later implements Timer {
    private final long due;
    private final Runnable task;

    Later(long due, Runnable task) {
      this.due = due;
      this.task = task;
    }

    @Override
    public void cancel() {
      timers.remove(this);
    }
  }

  /** Runs what was handed to the loop, and what follows from it. */
  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Lets time pass in small steps, with all that happens meanwhile. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 50) {
      clock.advance(Duration.ofMillis(Math.min(50, left)));
      for (Later timer : List.copyOf(timers)) {
        if (timer.due <= clock.nanos() && timers.remove(timer)) {
          timer.task.run();
          settle.run();
        }
      }
    }
  }

  int timers() {
    return timers.size();
  }

  /** Returns what was told since the last time. */
  List<String> take() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  boolean isFlushed() {
    return unflushed == 0;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
  }

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1935);
  }

  @Override
  public Variant variant() {
    return Variant.RTMP;
  }

  @Override
  public Executor loop() {
    return loop;
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Later timer = new Later(clock.nanos() + delay.toNanos(), task);
    timers.add(timer);
    return timer;
  }

  @Override
  public void greet() {
    tell("greet");
  }

  @Override
  public void command(int streamId, String name, double transaction, List<Amf> values) {
    values.stream()
        .map(value -> value.members().get("application"))
        .filter(Objects::nonNull)
        .map(application -> application.members().getOrDefault("message", Amf.nothing()))
        .forEach(message -> lastApplicationMessage = message.text().orElse(""));
    tell(streamId + " " + name + " " + (int) transaction + summary(values));
  }

  @Override
  public void data(int streamId, List<Amf> values) {
    tell(streamId + " data" + summary(values));
  }

  @Override
  public void event(StreamEvent event, int streamId) {
    tell(streamId + " " + event);
  }

  @Override
  public void media(MediaHead head, Body body) {
    ByteBuffer whole = ByteBuffer.allocate(head.prefixLength() + head.bodyLength());
    for (int i = head.prefixLength() - 1; i >= 0; i--) {
      whole.put((byte) (head.prefix() >> (8 * i)));
    }
    int half = head.bodyLength() / 2;
    body.copy(0, whole.slice(head.prefixLength(), half));
    body.copy(half, whole.slice(head.prefixLength() + half, head.bodyLength() - half));
    sent.add(new Sent(head.kind(), head.millis(), whole.rewind()));
    bytes += whole.capacity();
    room -= whole.capacity();
    tell(head.streamId() + " " + head.kind() + " " + head.millis());
  }

  @Override
  public void packet(Packet packet) {
    throw new UnsupportedOperationException("objects are not shared in packets");
  }

  @Override
  public void flush() {
    unflushed = 0;
  }

  @Override
  public boolean isWritable() {
    return writable && room > 0;
  }

  @Override
  public long pendingBytes() {
    return 0;
  }

  @Override
  public long receivedBytes() {
    return 3073;
  }

  @Override
  public long sentBytes() {
    return bytes;
  }

  @Override
  public void admit() {
    admitted = true;
  }

  @Override
  public void admitPublisher() {
    throw new UnsupportedOperationException("nobody publishes here");
  }

  @Override
  public void close() {
    tell("close");
    closed = true;
  }

  private void tell(String what) {
    told.add(what);
    unflushed++;
  }

  private static String summary(List<Amf> values) {
    StringBuilder words = new StringBuilder();
    for (Amf value : values) {
      Amf code = value.members().get("code");
      switch (value) {
        case Amf.Text text -> words.append(' ').append(text.value());
        case Amf.Numeral number -> words.append(' ').append(number.value());
        case Amf.Truth truth -> words.append(' ').append(truth.value());
        case Amf.Nothing _ -> words.append(" null");
        default ->
            words.append(' ').append(code == null ? "object" : code.text().orElse("no code"));
      }
    }
    return words.toString();
  }
}
