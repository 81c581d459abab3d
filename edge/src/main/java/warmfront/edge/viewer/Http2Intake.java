package warmfront.edge.viewer;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;
import warmfront.edge.step.Tls;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

/** Makes requests of what begins on the streams of one HTTP/2 connection, or refuses them. */
final class Http2Intake {
  private final Intake intake;
  private final InetSocketAddress viewer;

  Http2Intake(Loop loop, Door door, Tls tls, Fronting fronting, Channel channel) {
    intake = new Intake(loop, door, Optional.of(tls), fronting, Visit.of(channel));
    viewer = (InetSocketAddress) channel.remoteAddress();
  }

  /**
   * Begins a stream with the head that {@code parser} was given.
   *
   * @param ended whether nothing more comes on it
   * @param right whether the frames of the head were right
   * @return the stream, which may be over already
   */
  Http2Stream begin(Http2 connection, int id, Http2Parser parser, boolean ended, boolean right) {
    Received received =
        right
            ? intake.judged(parser.end(ended))
            : Received.malformed("A frame of the head is not right.");
    return switch (received) {
      case Accepted asked -> {
        Http2Stream stream = new Http2Stream(connection, id, asked, parser.priority(), !ended);
        intake.accept(asked, stream.body(), stream, viewer, connection.now());
        yield stream;
      }
      case Refusal refusal -> {
        Http2Stream stream = new Http2Stream(connection, id, null, Http2Priority.UNSAID, !ended);
        if (refusal.status() == 400) {
          connection.fault(stream, Http2Error.PROTOCOL_ERROR);
          intake.malformed(refusal, connection.now());
        } else {
          intake.refuse(refusal, stream);
        }
        yield stream;
      }
    };
  }
}
