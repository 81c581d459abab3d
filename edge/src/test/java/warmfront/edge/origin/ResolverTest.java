package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.edge.origin.Resolver.Resolved;
import warmfront.edge.origin.Resolver.Resolved.Addresses;
import warmfront.edge.origin.Resolver.Resolved.Unresolved;
import warmfront.time.ManualClock;

/** Names, and which of their addresses may be asked. */
final class ResolverTest {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);

  /** Answers from a list that a test changes; null stands for a failure. */
  private static final class Answers implements NameService {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile List<String> addresses = List.of();

    @Override
    public List<InetAddress> addresses(String name) throws UnknownHostException {
      asked.incrementAndGet();
      if (addresses.isEmpty()) {
        throw new UnknownHostException("nobody answers");
      }
      return addresses.stream().map(InetAddress::ofLiteral).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "d1.warmfront.localhost", "A.LOCALHOST", "x.localhost."})
  void names_under_localhost_are_loopback_and_nobody_is_asked(String name) throws Exception {
    // given
    var answers = new Answers();
    try (var resolver = new Resolver(answers, clock, Limits.Names.DEFAULT)) {

      // when
      var resolved = resolver.resolve(name);

      // then
      assertThat(addresses(resolved)).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
      assertThat(answers.asked).hasValue(0);
    }
  }

  @Test
  void an_answer_is_fresh_for_its_time_and_each_address_has_its_turn() throws Exception {
    // given
    var answers = new Answers();
    answers.addresses = List.of("2001:db8::1", "192.0.2.1", "192.0.2.2");
    try (var resolver = new Resolver(answers, clock, Limits.Names.DEFAULT)) {

      // when
      List<String> first = addresses(resolver.resolve("a.test"));
      List<String> second = addresses(resolver.resolve("A.test"));
      clock.advance(Limits.Names.DEFAULT.fresh());
      answers.addresses = List.of("192.0.2.3");
      List<String> third = addresses(resolver.resolve("a.test"));

      // then
      assertThat(first).containsExactly("192.0.2.1", "192.0.2.2", "2001:db8:0:0:0:0:0:1");
      assertThat(second).containsExactly("192.0.2.2", "192.0.2.1", "2001:db8:0:0:0:0:0:1");
      assertThat(third).containsExactly("192.0.2.3");
      assertThat(answers.asked).hasValue(2);
    }
  }

  @Test
  void the_last_good_address_is_used_while_nobody_answers() throws Exception {
    // given
    var answers = new Answers();
    answers.addresses = List.of("192.0.2.1");
    try (var resolver = new Resolver(answers, clock, Limits.Names.DEFAULT)) {
      resolver.resolve("a.test");
      answers.addresses = List.of();

      // when
      clock.advance(Duration.ofDays(2));
      List<String> later = addresses(resolver.resolve("a.test"));
      List<String> again = addresses(resolver.resolve("a.test"));

      // then
      assertThat(later).containsExactly("192.0.2.1");
      assertThat(again).containsExactly("192.0.2.1");
      assertThat(answers.asked).as("not asked again at once").hasValue(2);
    }
  }

  @Test
  void a_name_that_never_resolved_says_why() throws Exception {
    // given
    try (var resolver = new Resolver(new Answers(), clock, Limits.Names.DEFAULT)) {

      // when
      var resolved = resolver.resolve("a.test");

      // then
      assertThat(resolved).isEqualTo(new Unresolved("a.test does not resolve: nobody answers"));
    }
  }

  @Test
  void a_resolver_that_hangs_holds_a_fetch_no_longer_than_its_limit() throws Exception {
    // given
    var never = new CountDownLatch(1);
    NameService hanging =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException("stopped");
        };
    var limits =
        new Limits.Names(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(50), 10, 1);
    try (var resolver = new Resolver(hanging, clock, limits)) {

      // when
      var resolved = resolver.resolve("a.test");

      // then
      assertThat(resolved).isInstanceOf(Unresolved.class);
      assertThat(((Unresolved) resolved).why()).contains("no answer within");
    }
  }

  @Test
  void names_are_remembered_up_to_a_limit() throws Exception {
    // given
    var answers = new Answers();
    answers.addresses = List.of("192.0.2.1");
    var limits =
        new Limits.Names(
            Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(5), 2, 1);
    try (var resolver = new Resolver(answers, clock, limits)) {

      // when
      for (String name : List.of("a.test", "b.test", "c.test", "c.test", "a.test")) {
        resolver.resolve(name);
        clock.advance(Duration.ofSeconds(1));
      }

      // then
      assertThat(answers.asked).hasValue(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "93.184.216.34, true",
    "2606:4700::1111, true",
    "10.1.2.3, false",
    "172.31.255.255, false",
    "172.32.0.1, true",
    "192.168.0.1, false",
    "169.254.169.254, false",
    "100.64.0.1, false",
    "0.0.0.0, false",
    "224.0.0.1, false",
    "255.255.255.255, false",
    "127.0.0.1, false",
    "::1, false",
    "::, false",
    "::ffff:10.0.0.1, false",
    "::10.0.0.1, false",
    "fe80::1, false",
    "fec0::1, false",
    "fd00::1, false",
    "64:ff9b::a00:1, false",
    "64:ff9b::5db8:d822, true",
    "2002:a00:1::1, false",
    "2002:5db8:d822::1, true",
  })
  void only_public_addresses_are_allowed_unless_the_operator_says_so(
      String address, boolean allowed) {
    // given
    var there = InetAddress.ofLiteral(address);

    // when, then
    assertThat(OriginRules.PUBLIC_ONLY.allows(there)).isEqualTo(allowed);
    var operator = new OriginRules(false, List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
    assertThat(operator.allows(there)).isTrue();
  }

  @Test
  void loopback_is_allowed_in_one_process() {
    assertThat(OriginRules.ONE_PROCESS.allows(InetAddress.ofLiteral("127.0.0.9"))).isTrue();
    assertThat(OriginRules.ONE_PROCESS.allows(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(OriginRules.ONE_PROCESS.allows(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
  }

  private static List<String> addresses(Resolved resolved) {
    assertThat(resolved).isInstanceOf(Addresses.class);
    List<String> texts = new ArrayList<>();
    ((Addresses) resolved).addresses().forEach(address -> texts.add(address.getHostAddress()));
    return texts;
  }
}
