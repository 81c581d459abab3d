package warmfront.edge.viewer;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.function.IntSupplier;

/**
 * Memory that waits in a channel's queue to be spliced to its socket. A file region only in name:
 * that is what Netty calls everything that sends itself. Whoever wrote it holds the memory.
 */
final class SplicedPart extends AbstractReferenceCounted implements FileRegion {
  /** Counts what waits to be spliced like what waits in buffers. */
  static final MessageSizeEstimator SIZES = SplicedPart::sizes;

  private static final MessageSizeEstimator.Handle OTHERS =
      DefaultMessageSizeEstimator.DEFAULT.newHandle();

  private final Splicer splicer;
  private final IntSupplier socket;
  private final long address;
  private final int length;
  private int sent;

  SplicedPart(Splicer splicer, IntSupplier socket, long address, int length) {
    this.splicer = splicer;
    this.socket = socket;
    this.address = address;
    this.length = length;
  }

  private static MessageSizeEstimator.Handle sizes() {
    return message -> message instanceof SplicedPart part ? part.length : OTHERS.size(message);
  }

  /** Sends what the socket takes now, and returns how many bytes that were. */
  long transfer() throws IOException {
    int count = splicer.send(socket.getAsInt(), address + sent, length - sent);
    sent += count;
    return count;
  }

  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    return transfer();
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long transferred() {
    return sent;
  }

  @Override
  @Deprecated
  public long transfered() {
    return sent;
  }

  @Override
  public long count() {
    return length;
  }

  @Override
  public FileRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public FileRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public FileRegion touch() {
    return this;
  }

  @Override
  public FileRegion touch(Object hint) {
    return this;
  }

  @Override
  protected void deallocate() {}
}
