package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Reason;

/** What one address may have, and what it gets beyond. */
final class GuestsTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Guests guests = new Guests(new Limits.Address(2, 10, false));

  @Test
  void an_address_has_so_many_connections_and_another_as_many() {
    Visit first = enter(ONE);
    enter(ONE);

    assertThat(guests.enter(ONE, 0)).isNull();
    assertThat(guests.enter(OTHER, 0)).isNotNull();
    guests.leave(first, 0);
    assertThat(guests.enter(ONE, 0)).isNotNull();
    assertThat(guests.enter(ONE, 0)).isNull();
  }

  @Test
  void a_network_of_64_bits_counts_as_one_of_ipv6() {
    enter(InetAddress.ofLiteral("2001:db8::1"));
    enter(InetAddress.ofLiteral("2001:db8::ffff:2"));

    assertThat(guests.enter(InetAddress.ofLiteral("2001:db8::3"), 0)).isNull();
    assertThat(guests.enter(InetAddress.ofLiteral("2001:db8:0:1::3"), 0)).isNotNull();
  }

  @Test
  void addresses_of_this_machine_are_not_counted() {
    for (String text : new String[] {"127.0.0.1", "::1"}) {
      for (int i = 0; i < 5; i++) {
        assertThat(guests.enter(InetAddress.ofLiteral(text), 0)).isSameAs(Visit.UNCOUNTED);
      }
    }
    assertThat(Visit.UNCOUNTED.mayAsk()).isTrue();
    assertThat(guests.size()).isZero();
  }

  @Test
  void who_asks_too_often_is_refused_until_a_second_of_less_has_passed() {
    Visit visit = enter(ONE);
    Visit beside = enter(ONE);
    Visit other = enter(OTHER);

    ask(visit, 6);
    ask(beside, 5);
    visit.tell(SECOND / 2);
    assertThat(visit.mayAsk()).isTrue();
    beside.tell(SECOND / 2);
    assertThat(visit.mayAsk()).as("11 of both").isFalse();
    assertThat(beside.mayAsk()).isFalse();
    assertThat(other.mayAsk()).isTrue();
    visit.tell(SECOND + 1);
    assertThat(visit.mayAsk()).as("the window had too many").isFalse();
    visit.tell(2 * SECOND + 2);
    assertThat(visit.mayAsk()).isTrue();
  }

  @Test
  void who_goes_on_asking_too_often_stays_refused() {
    Visit visit = enter(ONE);

    for (int second = 0; second < 5; second++) {
      ask(visit, 11);
      visit.tell(second * (SECOND + 1));
      assertThat(visit.mayAsk()).as("second " + second).isFalse();
    }
  }

  @Test
  void a_connection_for_each_request_is_no_way_around() {
    for (int i = 0; i < 11; i++) {
      Visit visit = enter(ONE);
      visit.mayAsk();
      guests.leave(visit, 0);
      guests.sweep(0);
    }

    assertThat(enter(ONE).mayAsk()).isFalse();
  }

  @Test
  void who_has_left_is_forgotten() {
    Random random = new Random(5);
    List<Visit> here = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      if (here.isEmpty() || random.nextBoolean()) {
        Visit visit =
            guests.enter(InetAddress.ofLiteral("198.51.100." + random.nextInt(256)), i * 1000L);
        if (visit != null) {
          visit.mayAsk();
          here.add(visit);
        }
      } else {
        guests.leave(here.remove(random.nextInt(here.size())), i * 1000L);
      }
    }
    here.forEach(visit -> guests.leave(visit, 0));
    guests.sweep(10 * SECOND);
    guests.sweep(20 * SECOND);

    assertThat(guests.size()).isZero();
  }

  @Test
  void a_limit_of_0_is_none() {
    Guests free = new Guests(new Limits.Address(0, 0, false));

    for (int i = 0; i < 5000; i++) {
      Visit visit = Objects.requireNonNull(free.enter(ONE, 0));
      ask(visit, 100);
      visit.tell(0);
      assertThat(visit.mayAsk()).isTrue();
    }
  }

  @Test
  void an_edge_closes_connections_beyond_and_answers_503_whatever_connection_asks()
      throws Exception {
    Limits few = Limits.standard().withAddress(new Limits.Address(2, 3, true));
    try (Edge edge = new Edge(few, true)) {
      edge.certificates.use(List.of(edge.authority.certificate("a.example")), Map.of());
      String get = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
      try (Wire first = edge.wire();
          Wire second = edge.wire()) {
        for (int i = 0; i < 3; i++) {
          assertThat(first.send(get).answer().status()).isEqualTo(200);
        }
        assertThat(second.send(get).answer().status()).isEqualTo(200);
        try (Wire third = edge.wire()) {
          assertThat(third.closed()).isTrue();
        }
        assertThat(edge.viewers.counters().addressesFull()).isEqualTo(1);

        edge.viewers.sweep();

        Wire.Answer refused = first.send(get).answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(first.closed()).isTrue();
      }
      Edge.await(() -> edge.viewers.counters().open() == 0);
      try (Wire later = new Wire(edge.socket())) {
        later.send(get);
        assertThat(later.answer().status()).isEqualTo(503);
      }
      assertThat(edge.site.refused).allMatch(one -> one.reason() == Reason.ADDRESS_LIMIT);
      Edge.await(() -> edge.viewers.counters().open() == 0);
    }
  }

  private static void ask(Visit visit, int times) {
    for (int i = 0; i < times; i++) {
      visit.mayAsk();
    }
  }

  private Visit enter(InetAddress address) {
    return Objects.requireNonNull(guests.enter(address, 0));
  }
}
