package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RTMP with one peer, whatever carries it: the handshake, then messages both ways. On its loop.
 *
 * <p>What is sent is gathered in one buffer and handed to the outlet in one piece, when everything
 * that came together has been answered. A peer that asks and does not listen is not heard any more
 * until it has taken what waits for it.
 */
final class Conversation implements Link, Loop.Swept {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final int GATHERED = 16_384;

  /** More than any message takes that is about the connection itself. */
  private static final int CONTROL = 32;

  private static final int GREETING = 64;

  private final Loop loop;
  private final Outlet outlet;
  private final Vigil vigil;
  private final Inward inward;
  private final String id;
  private @Nullable Handshake handshake;
  private @Nullable Ciphers ciphers;
  private @Nullable Session session;

  /** What came and could not be read yet. */
  private ByteBuf rest = Unpooled.EMPTY_BUFFER;

  /** What is gathered to be sent. */
  private @Nullable ByteBuf gathered;

  private long sent;
  private boolean isWritableWanted;
  private boolean isDeaf;
  private boolean isDraining;
  private boolean isGone;

  /** Why it ends, once that is decided; then nothing more is heard or said. */
  private @Nullable Ending ending;

  /**
   * Makes one.
   *
   * @param since when the peer connected, on the steady clock
   */
  Conversation(Loop loop, Outlet outlet, Handshake handshake, long since) {
    this.loop = loop;
    this.outlet = outlet;
    this.handshake = handshake;
    vigil = new Vigil(loop.limits().times(), since);
    inward = new Inward(loop.limits().memory(), this::pong);
    id = Long.toHexString(loop.chance().nextLong() | Long.MIN_VALUE); // 16 digits
  }

  void begin() {
    loop.add(this);
  }

  /** Takes bytes of the peer, and the caller's hold of them. */
  void received(ByteBuf bytes) {
    if (ending != null) {
      bytes.release();
      return;
    }
    inward.received(bytes.readableBytes());
    vigil.received(loop.nanos());
    if (ciphers != null) {
      ciphers.received(bytes);
    }
    ByteBuf all = joined(bytes);
    try {
      read(all);
      rest = all.isReadable() ? Unpooled.copiedBuffer(all) : Unpooled.EMPTY_BUFFER;
    } catch (ProtocolException e) {
      LOG.debug("{} broke the protocol: {}", outlet.remoteAddress(), e.getMessage());
      end(Ending.PROTOCOL);
    } catch (RuntimeException e) {
      failed(e);
    } finally {
      all.release();
    }
  }

  private ByteBuf joined(ByteBuf bytes) {
    if (!rest.isReadable()) {
      return bytes;
    }
    ByteBuf both = Unpooled.buffer(rest.readableBytes() + bytes.readableBytes());
    both.writeBytes(rest).writeBytes(bytes);
    bytes.release();
    return both;
  }

  private void read(ByteBuf in) throws ProtocolException {
    if (handshake != null) {
      boolean isOver = handshake.next(in, gather(2 * Digest.MESSAGE + 1));
      if (!isOver) {
        return;
      }
      hand(); // in clear
      ciphers = handshake.ciphers();
      handshake = null;
      begin(in);
    }
    inward.read(in);
  }

  private void begin(ByteBuf in) {
    if (ciphers != null) {
      ciphers.received(in);
    }
    vigil.shaken();
    loop.tally().began(outlet.variant());
    session = loop.sessions().begin(this);
    if (ending != null) {
      return; // it wants nothing of this peer
    }
    inward.tell(session);
    if (isDraining) {
      session.drain();
    }
  }

  /** All that came together was received. */
  void settled() {
    if (session == null) {
      flush(); // of the handshake
      return;
    }
    tell(told -> {
      told.settled();
      if (inward.isAcknowledgementDue()) {
        acknowledge();
      }
    });
    if (!isDeaf && pendingBytes() > 2L * loop.limits().memory().waterHigh()) {
      isDeaf = true;
      outlet.listen(false);
    }
  }

  /** What the outlet has to send has become little. */
  void writable() {
    if (isDeaf) {
      isDeaf = false;
      outlet.listen(true);
    }
    if (isWritableWanted) {
      isWritableWanted = false;
      loop.executor().execute(() -> tell(Session::writable)); // may be called within a flush
    }
  }

  /** The outlet is no more. */
  void gone(Ending why) {
    if (isGone) {
      return;
    }
    isGone = true;
    Ending known = ending == null ? why : ending;
    ending = known;
    loop.remove(this);
    drop();
    @Nullable Session told = session;
    if (told == null) {
      return;
    }
    loop.tally().ended(known);
    try {
      told.closed(known);
    } catch (RuntimeException e) {
      LOG.error("a session failed at its end", e);
    }
  }

  private void drop() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  /** Something went wrong: with the connection, or here. */
  void failed(Throwable cause) {
    if (cause instanceof IOException) {
      end(Ending.PEER);
      return;
    }
    LOG.error("a session failed", cause);
    end(Ending.FAULT);
  }

  /** Ends it without sending what waits. */
  private void end(Ending why) {
    if (ending == null) {
      ending = why;
    }
    inward.hush();
    outlet.abort();
  }

  @Override
  public void sweep(long now) {
    @Nullable Ending due = vigil.look(now, sentBytes(), pendingBytes());
    if (due != null) {
      end(due);
    } else if (vigil.isToBeAsked(now)) {
      tell(_ -> Control.event(gather(), Control.PING, (int) TimeUnit.NANOSECONDS.toMillis(now)));
    }
  }

  @Override
  public void drain() {
    isDraining = true;
    if (session == null) {
      end(Ending.SERVER);
    } else {
      tell(Session::drain);
    }
  }

  @Override
  public void end() {
    end(Ending.SERVER);
  }

  /** Tells the session something that the peer did not say, and sends what it answers. */
  private void tell(Consumer<Session> what) {
    if (ending != null || session == null) {
      return;
    }
    try {
      what.accept(session);
      flush();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void acknowledge() {
    if (ending == null) {
      Control.acknowledgement(gather(), inward.receivedBytes());
    }
  }

  private void pong(int value) {
    if (ending == null) {
      Control.event(gather(), Control.PONG, value);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return outlet.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return outlet.localAddress();
  }

  @Override
  public Variant variant() {
    return outlet.variant();
  }

  @Override
  public Executor loop() {
    return loop.executor();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Future<?> future =
        loop.executor()
            .schedule(() -> tell(_ -> task.run()), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void greet() {
    if (ending == null) {
      Control.greeting(gather(GREETING));
    }
  }

  @Override
  public void command(int streamId, String name, double transaction, List<Amf> values) {
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer();
    Amf0.write(payload, Amf.of(name));
    Amf0.write(payload, Amf.of(transaction));
    values.forEach(value -> Amf0.write(payload, value));
    message(Control.COMMAND, streamId, payload);
  }

  @Override
  public void data(int streamId, List<Amf> values) {
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer();
    values.forEach(value -> Amf0.write(payload, value));
    message(Control.DATA, streamId, payload);
  }

  private void message(int type, int streamId, ByteBuf payload) {
    if (ending != null) {
      payload.release();
      return;
    }
    ByteBuf out = gather(ChunkWriter.sizeOf(payload.readableBytes()));
    int chunkStream =
        type == Control.COMMAND ? Control.COMMAND_STREAM : MediaKind.DATA.chunkStream();
    ChunkWriter.message(out, chunkStream, type, streamId, payload);
    payload.release();
  }

  @Override
  public void event(StreamEvent event, int streamId) {
    if (ending == null) {
      Control.event(gather(), event.number(), streamId);
    }
  }

  @Override
  public void media(MediaHead head, Body body) {
    if (ending == null) {
      ChunkWriter.media(gather(ChunkWriter.sizeOf(head.length())), head, body);
    }
  }

  @Override
  public void packet(Packet packet) {
    if (ending != null) {
      return;
    }
    if (ciphers != null) {
      gather(packet.length()).writeBytes(packet.bytes().slice());
      return;
    }
    hand();
    sent += packet.length();
    outlet.write(packet.view());
  }

  private ByteBuf gather() {
    return gather(CONTROL);
  }

  /** Returns what gathers, with room for so many bytes; not to be asked once it ends. */
  private ByteBuf gather(int room) {
    if (gathered != null && gathered.writableBytes() < room) {
      hand();
    }
    @Nullable ByteBuf open = gathered;
    if (open == null) {
      open = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(room, GATHERED));
      gathered = open;
    }
    return open;
  }

  /** Hands what is gathered to the outlet. */
  private void hand() {
    @Nullable ByteBuf full = gathered;
    gathered = null;
    if (full == null) {
      return;
    }
    if (ending != null || !full.isReadable()) {
      full.release();
      return;
    }
    if (ciphers != null) {
      ciphers.sent(full);
    }
    sent += full.readableBytes();
    outlet.write(full);
  }

  @Override
  public void flush() {
    hand();
    if (ending == null) {
      outlet.flush();
    }
  }

  @Override
  public boolean isWritable() {
    boolean isWritable = pendingBytes() < loop.limits().memory().waterHigh();
    isWritableWanted |= !isWritable;
    return isWritable;
  }

  @Override
  public long pendingBytes() {
    return outlet.pendingBytes() + (gathered == null ? 0 : gathered.readableBytes());
  }

  @Override
  public long receivedBytes() {
    return inward.receivedBytes();
  }

  @Override
  public long sentBytes() {
    return sent + (gathered == null ? 0 : gathered.readableBytes());
  }

  @Override
  public void admit() {
    vigil.admitted();
  }

  @Override
  public void admitPublisher() {
    vigil.admitted();
    inward.admitPublisher();
  }

  @Override
  public void close() {
    if (ending == null) {
      hand();
      ending = Ending.SESSION;
      inward.hush();
      outlet.close();
    }
  }
}
