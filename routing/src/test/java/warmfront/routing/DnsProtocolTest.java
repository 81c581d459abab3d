package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import warmfront.routing.dns.DnsCounters.Transport;

/** What becomes of questions of each form, over real sockets (RFC 1035, 6891, 7766, 7871). */
final class DnsProtocolTest {
  @TempDir private Path folder;
  private Answering dns;

  @BeforeEach
  void start() throws IOException {
    dns = Answering.start(folder);
  }

  @AfterEach
  void stop() throws InterruptedException {
    dns.close();
  }

  @Test
  void a_subnet_without_a_family_is_taken_as_dig_sends_it() throws IOException {
    Message query = Answering.query(Answering.NAME, Type.A);
    EDNSOption none = new GenericEDNSOption(8, new byte[4]);
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(none)), Section.ADDITIONAL);

    byte[] reply = dns.udp(query.toWire());

    assertThat(reply[3] & 0xf).isEqualTo(Rcode.NOERROR);
    // The option is the last thing in the reply: code 8, 4 bytes, all 0.
    assertThat(Arrays.copyOfRange(reply, reply.length - 8, reply.length))
        .containsExactly(0, 8, 0, 4, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001180000c63364", // an octet too many for its length
        "00011800c633", // an octet too few
        "00011801c63364", // a scope in a query
        "00011700c63365", // a bit beyond the length
        "00012100c633640000", // longer than an address
        "00031800c63364", // no such family
        "00001800c63364", // a length without a family
        "000118" // cut off
      })
  void malformed_client_subnets_get_FORMERR(String hex) throws IOException {
    byte[] data = HexFormat.of().parseHex(hex);

    Message reply = dns.ask(Answering.NAME, Type.A, new GenericEDNSOption(8, data));

    assertThat(reply.getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(reply.getOPT()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com.,1,1,5",
    "localhost.,1,1,5",
    "xwarmfront.localhost.,1,1,5",
    "d1.warmfront.localhost.,1,3,5",
    "warmfront.localhost.,252,1,5",
    "warmfront.localhost.,250,1,4"
  })
  void what_is_not_ours_or_not_offered_is_refused(String name, int type, int dclass, int code)
      throws IOException {
    Message query = new Message(7);
    query.addRecord(Record.newRecord(Name.fromString(name), type, dclass), Section.QUESTION);

    Message reply = new Message(dns.udp(query.toWire()));

    assertThat(reply.getRcode()).isEqualTo(code);
    assertThat(reply.getHeader().getFlag(Flags.AA)).isFalse();
  }

  @Test
  void a_question_for_all_gets_little() throws IOException {
    Message reply = dns.ask(Answering.NAME, Type.ANY);

    assertThat(reply.getSection(Section.ANSWER))
        .singleElement()
        .satisfies(record -> assertThat(record.getType()).isEqualTo(Type.HINFO));
  }

  @Test
  void the_letters_case_of_the_question_is_kept() throws IOException {
    byte[] query = Answering.query("D1.wArMfRoNt.LoCaLhOsT.", Type.A).toWire();

    byte[] reply = dns.udp(query);

    String text = new String(reply, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("wArMfRoNt").contains("LoCaLhOsT");
    assertThat(new Message(reply).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void unknown_options_and_cookies_are_tolerated_and_later_versions_told_ours() throws IOException {
    Message odd =
        dns.ask(
            Answering.NAME,
            Type.A,
            new GenericEDNSOption(10, new byte[8]),
            new GenericEDNSOption(65_001, new byte[5]));
    Message query = Answering.query(Answering.NAME, Type.A);
    query.addRecord(new OPTRecord(1232, 0, 1, 0), Section.ADDITIONAL);
    Message later = new Message(dns.udp(query.toWire()));

    assertThat(Answering.addresses(odd)).hasSize(1);
    assertThat(odd.getOPT().getPayloadSize()).isEqualTo(1232);
    assertThat(later.getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(later.getOPT().getVersion()).isZero();
  }

  @Test
  void other_operations_get_NOTIMP_and_replies_get_nothing() throws IOException {
    Message notify = Answering.query(Answering.NAME, Type.A);
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    Message reply = Answering.query(Answering.NAME, Type.A);
    reply.getHeader().setFlag(Flags.QR);

    assertThat(new Message(dns.udp(notify.toWire())).getRcode()).isEqualTo(Rcode.NOTIMP);
    byte[] real = Answering.query(Answering.NAME, Type.A).toWire();
    try (DatagramSocket socket = Answering.socket()) {
      dns.send(socket, reply.toWire());
      dns.send(socket, Arrays.copyOf(real, 11));
      dns.send(socket, real);
      // The first thing to come back belongs to the last thing sent.
      assertThat(new Message(Answering.receive(socket)).getHeader().getID())
          .isEqualTo((real[0] & 0xff) << 8 | (real[1] & 0xff));
    }
  }

  @Test
  void over_TCP_queries_sent_ahead_are_answered_in_order() throws IOException {
    InetSocketAddress at = dns.routing().dnsAddresses().get(1);
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(10_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      for (int id = 1; id <= 50; id++) {
        Message query = Answering.query(Answering.NAME, Type.A);
        query.getHeader().setID(id);
        byte[] wire = query.toWire();
        out.writeShort(wire.length);
        out.write(wire);
      }
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int id = 1; id <= 50; id++) {
        Message reply = new Message(in.readNBytes(in.readUnsignedShort()));
        assertThat(reply.getHeader().getID()).isEqualTo(id);
        assertThat(Answering.addresses(reply)).hasSize(1);
      }
    }
    assertThat(dns.routing().counts().dns().transports().get(Transport.TCP)).isEqualTo(50);
  }
}
