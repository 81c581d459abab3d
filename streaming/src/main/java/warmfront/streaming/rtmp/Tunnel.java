package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A conversation through HTTP: what the peer says comes as bodies of numbered requests, over one
 * connection or several, and what is said to it waits for the next of them. On its loop, but for
 * {@link #request}.
 *
 * <p>A request that comes again, because its answer was lost with a connection, gets the same
 * answer; one that comes before its turn waits for those before it.
 */
final class Tunnel implements Outlet, Loop.Swept {
  /** Requests that may wait for an earlier one; a peer has two connections, seldom more. */
  private static final int EARLY_MAX = 8;

  /** First bytes of answers: how long the peer may wait with its next request, in its own unit. */
  private static final int[] HINTS = {0x01, 0x03, 0x05, 0x09, 0x11, 0x21};

  /** Answers with nothing in them until the peer is to ask less often. */
  private static final int PATIENCE = 10;

  private final String id;
  private final Tunnels tunnels;
  private final Loop loop;
  private final Dialects dialects;
  private final InetSocketAddress remote;
  private final InetSocketAddress local;
  private final boolean isSecure;
  private final Deque<ByteBuf> queue = new ArrayDeque<>();
  private final Map<Long, Request> early = new TreeMap<>();
  private final long since;
  private long heard;

  /** Since when the request is missing for which others wait. */
  private long missing;

  private long queued;
  private int empty;
  private long next = -1;
  private @Nullable ByteBuf lastAnswer;
  private @Nullable Variant variant;
  private @Nullable Conversation conversation;
  private boolean isClosing;
  private boolean isOver;

  /**
   * What a peer asks.
   *
   * @param number its place among the requests of the tunnel
   * @param body what the peer says; may be empty
   * @param isLast whether the peer says no more
   * @param answer takes what is answered, and the hold of it; null if there is no tunnel any more.
   *     Called on any thread, once
   */
  record Request(long number, ByteBuf body, boolean isLast, Consumer<@Nullable ByteBuf> answer) {}

  Tunnel(String id, Tunnels tunnels, Channel channel, Loop loop, Dialects dialects) {
    this.id = id;
    this.tunnels = tunnels;
    this.loop = loop;
    this.dialects = dialects;
    remote = (InetSocketAddress) channel.remoteAddress();
    local = (InetSocketAddress) channel.localAddress();
    isSecure = Dialects.isSecure(channel);
    since = loop.nanos();
    heard = since;
  }

  void begin() {
    loop.add(this);
  }

  String id() {
    return id;
  }

  /** Returns whether it was opened within TLS, where all of it has to be then. */
  boolean isSecure() {
    return isSecure;
  }

  /** Takes a request and the caller's hold of its body. On any thread. */
  void request(Request request) {
    if (loop.executor().inEventLoop()) {
      take(request);
    } else {
      loop.executor().execute(() -> take(request));
    }
  }

  private void take(Request request) {
    heard = loop.nanos();
    if (isOver) {
      refuse(request);
    } else if (next >= 0 && request.number < next) {
      again(request);
    } else if (next >= 0 && request.number > next) {
      if (early.size() == EARLY_MAX || early.containsKey(request.number)) {
        refuse(request);
      } else {
        early.put(request.number, request);
        missing = early.size() == 1 ? heard : missing;
      }
    } else {
      hear(request);
      for (Request due = early.remove(next); due != null; due = early.remove(next)) {
        hear(due);
      }
    }
  }

  private static void refuse(Request request) {
    request.body.release();
    request.answer.accept(null);
  }

  private void again(Request request) {
    request.body.release();
    boolean isLast = request.number == next - 1 && lastAnswer != null;
    request.answer.accept(
        isLast && lastAnswer != null
            ? lastAnswer.retainedDuplicate()
            : Unpooled.wrappedBuffer(new byte[] {(byte) HINTS[0]}));
  }

  private void hear(Request request) {
    next = request.number + 1;
    if (request.body.isReadable() && !isOver && !isClosing) {
      say(request.body);
    } else {
      request.body.release();
    }
    if (isOver) {
      request.answer.accept(null);
      return;
    }
    forgetAnswer();
    ByteBuf answer = answer();
    lastAnswer = answer.retainedDuplicate();
    request.answer.accept(answer);
    if (request.isLast || isClosing) {
      over(Ending.PEER);
    } else if (conversation != null) {
      conversation.writable();
    }
  }

  private void say(ByteBuf bytes) {
    if (conversation == null) {
      conversation = converse(bytes);
    }
    if (conversation == null) {
      bytes.release();
      loop.tally().unrecognised();
      over(Ending.PROTOCOL);
      return;
    }
    conversation.received(bytes);
    conversation.settled();
  }

  private @Nullable Conversation converse(ByteBuf bytes) {
    variant = dialects.variant(bytes.getUnsignedByte(bytes.readerIndex()), true, isSecure);
    if (variant == null) {
      return null;
    }
    Handshake handshake = Dialects.handshake(variant, loop);
    Conversation begun = new Conversation(loop, this, handshake, since);
    begun.begin();
    return begun;
  }

  /** Returns all that waits, behind a hint. */
  private ByteBuf answer() {
    empty = queue.isEmpty() ? empty + 1 : 0;
    int hint = HINTS[Math.min(empty / PATIENCE, HINTS.length - 1)];
    CompositeByteBuf answer = Unpooled.compositeBuffer(queue.size() + 1);
    answer.addComponent(true, Unpooled.wrappedBuffer(new byte[] {(byte) hint}));
    while (!queue.isEmpty()) {
      answer.addComponent(true, queue.removeFirst());
    }
    queued = 0;
    return answer;
  }

  private void forgetAnswer() {
    if (lastAnswer != null) {
      lastAnswer.release();
      lastAnswer = null;
    }
  }

  /** Ends the tunnel; idempotent. */
  private void over(Ending why) {
    if (isOver) {
      return;
    }
    isOver = true;
    loop.remove(this);
    tunnels.forget(this);
    forgetAnswer();
    queue.forEach(ByteBuf::release);
    queue.clear();
    queued = 0;
    early.values().forEach(Tunnel::refuse);
    early.clear();
    if (conversation != null) {
      conversation.gone(why);
    }
  }

  @Override
  public void sweep(long now) {
    Limits.Times times = loop.limits().times();
    boolean hasBegun = conversation != null;
    if (now - heard > (hasBegun ? times.stall() : times.handshake()).toNanos()) {
      over(Ending.PEER);
    } else if (!early.isEmpty() && now - missing > times.handshake().toNanos()) {
      over(Ending.PROTOCOL);
    }
  }

  /** The conversation is told by itself. */
  @Override
  public void drain() {
    if (conversation == null) {
      over(Ending.SERVER);
    }
  }

  @Override
  public void end() {
    over(Ending.SERVER);
  }

  @Override
  public Variant variant() {
    return variant == null ? (isSecure ? Variant.RTMPTS : Variant.RTMPT) : variant;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (isOver) {
      bytes.release();
    } else {
      queue.add(bytes);
      queued += bytes.readableBytes();
    }
  }

  /** It goes with the next answer. */
  @Override
  public void flush() {}

  @Override
  public long pendingBytes() {
    return queued;
  }

  /** A peer that asks takes what waits for it: there is no need not to hear it. */
  @Override
  public void listen(boolean wanted) {}

  @Override
  public void close() {
    isClosing = true;
    if (queue.isEmpty()) {
      abort();
    }
  }

  @Override
  public void abort() {
    loop.executor().execute(() -> over(Ending.SERVER)); // the caller may be within a message
  }
}
