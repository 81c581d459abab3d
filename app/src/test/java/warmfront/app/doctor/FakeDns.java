package warmfront.app.doctor;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A DNS server that says what it is told to, over UDP and TCP. */
final class FakeDns implements AutoCloseable {
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Function<Record, Message> answers;

  private FakeDns(DatagramSocket udp, ServerSocket tcp, Function<Record, Message> answers) {
    this.udp = udp;
    this.tcp = tcp;
    this.answers = answers;
  }

  /**
   * Opens one.
   *
   * @param answers what a question is answered with; the header's id is set here
   */
  static FakeDns open(String address, int port, boolean overTcp, Function<Record, Message> answers)
      throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), port);
    ServerSocket tcp = new ServerSocket();
    if (overTcp) {
      tcp.bind(at);
    }
    FakeDns made =
        new FakeDns(
            new DatagramSocket(
                overTcp ? new InetSocketAddress(at.getAddress(), tcp.getLocalPort()) : at),
            tcp,
            answers);
    Thread.ofVirtual().start(made::serveUdp);
    if (overTcp) {
      Thread.ofVirtual().start(made::serveTcp);
    }
    return made;
  }

  int port() {
    return udp.getLocalPort();
  }

  private byte[] answer(byte[] question) throws IOException {
    Message asked = new Message(question);
    Message answer = answers.apply(asked.getQuestion());
    answer.getHeader().setID(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    if (answer.getQuestion() == null) {
      answer.addRecord(asked.getQuestion(), Section.QUESTION);
    }
    return answer.toWire();
  }

  private void serveUdp() {
    byte[] bytes = new byte[4096];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        udp.receive(packet);
        byte[] question = new byte[packet.getLength()];
        System.arraycopy(bytes, 0, question, 0, question.length);
        byte[] answer = answer(question);
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serveTcp() {
    try {
      while (true) {
        try (Socket socket = tcp.accept()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          byte[] question = new byte[in.readUnsignedShort()];
          in.readFully(question);
          byte[] answer = answer(question);
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeShort(answer.length);
          out.write(answer);
        }
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
