package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The kernel takes packets apart that are written together, and is not asked again if it cannot.
 */
final class Http3SegmentsTest {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final DatagramSocket viewer;
  private Channel socket;

  Http3SegmentsTest() throws IOException {
    viewer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    viewer.setSoTimeout(10_000);
  }

  @BeforeEach
  void open() throws InterruptedException {
    socket =
        new Bootstrap()
            .group(loop)
            .channel(EpollDatagramChannel.class)
            .handler(Http3Segments.WATCH)
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  @AfterEach
  void end() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    viewer.close();
  }

  @Test
  void packets_that_are_written_together_come_one_by_one() throws Exception {
    Http3Segments segments = new Http3Segments();

    write(segments, 2 * 1350 + 7, 1350);

    assertThat(segments.maxNumSegments()).isEqualTo(16);
    assertThat(new int[] {receive(), receive(), receive()}).containsExactly(1350, 1350, 7);
  }

  @Test
  void what_the_kernel_does_not_take_apart_is_not_put_together_again() {
    Http3Segments refused = new Http3Segments();
    Http3Segments other = new Http3Segments();

    assertThatThrownBy(() -> write(refused, 60_000, 1)).hasMessageContaining("Invalid argument");

    assertThat(refused.maxNumSegments()).isZero();
    assertThat(other.maxNumSegments()).isEqualTo(16);
  }

  private void write(Http3Segments segments, int bytes, int length) throws Exception {
    var to = (InetSocketAddress) viewer.getLocalSocketAddress();
    var packets = Unpooled.directBuffer(bytes).writeZero(bytes);
    socket.writeAndFlush(segments.newPacket(packets, length, to)).sync();
  }

  private int receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
    viewer.receive(packet);
    return packet.getLength();
  }
}
