package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.Kind;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.TextRecord;
import warmfront.routing.dns.Lookups;
import warmfront.routing.dns.Names;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/** Names follow the log, change by change. */
final class SitesTest {
  private static final int FEW = 100;
  private static final int MANY = 10_000;
  private static final int TAKEN = 21;
  private static final String GROUP = "d0." + Pictures.ZONE;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Sites sites = new Sites(Pictures.zone(), true);
  private Snapshot picture = Pictures.five().snapshot();
  private Names names = named(sites.all(picture));

  /** Each is another one at each call, of what there are few and many of. */
  private static final Map<String, IntFunction<Resource>> CHANGES =
      new LinkedHashMap<>(
          Map.of(
              "a distribution changes",
              i -> site(i, PriceClass.PRICE_CLASS_100),
              "a distribution is new",
              i -> site(MANY + i, PriceClass.PRICE_CLASS_ALL),
              "a tenant's domains change",
              i -> tenant(i, "new-"),
              "all tenants' connection group changes",
              i -> group(i % 2 == 0),
              "a text",
              i -> new TextRecord("_acme-challenge." + i + "." + Pictures.ZONE, List.of("a")),
              "a channel",
              i -> Pictures.channel("new-" + i, "FRA")));

  @Test
  void a_change_among_ten_thousand_touches_the_names_that_it_reaches_and_no_other() {
    fill(MANY);
    List<String> all =
        IntStream.range(0, MANY)
            .boxed()
            .flatMap(i -> Stream.of("d-" + i, "www-" + i, "shop-" + i))
            .map(label -> label + "." + Pictures.ZONE)
            .toList();

    assertThat(touched(all, site(17, PriceClass.PRICE_CLASS_100)))
        .containsExactly("d-17." + Pictures.ZONE, "www-17." + Pictures.ZONE);
    assertThat(touched(all, tenant(18, "new-"))).containsExactly("shop-18." + Pictures.ZONE);
    assertThat(touched(all, group(false))).isEmpty();
    assertThat(touched(all, Pictures.channel("cam1", "FRA"))).isEmpty();
  }

  @SuppressWarnings("ReferenceEquality") // what was not touched is the same object
  private List<String> touched(List<String> all, Resource change) {
    Names before = names;
    take(Pictures.after(picture, change.kind(), change.id(), Optional.of(change)));
    return all.stream()
        .filter(name -> Lookups.node(before, name) != Lookups.node(names, name))
        .toList();
  }

  /** Counted in bytes that are allocated: whoever looks at everything makes lists of it. */
  @Test
  void a_change_costs_the_same_among_ten_thousand_as_among_a_hundred() {
    fill(FEW);
    Map<String, Long> few = bytes();
    fill(MANY);
    Map<String, Long> many = bytes();

    // The tables are of a thousand small ones, of which a change copies those that it is in.
    few.forEach((change, bytes) ->
        assertThat(many.get(change)).as(change + ": " + few + many).isLessThan(2 * bytes + 8_192));
  }

  private Map<String, Long> bytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    CHANGES.forEach((name, change) -> bytes.put(name, median(change)));
    return bytes;
  }

  private long median(IntFunction<Resource> change) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < TAKEN; i++) {
      Resource next = change.apply(i);
      Entry entry = Pictures.after(picture, next.kind(), next.id(), Optional.of(next));
      Snapshot after = picture.after(entry);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      names = named(sites.next(names, picture, after, List.of(entry)));
      all.add(THREADS.getCurrentThreadAllocatedBytes() - before);
      picture = after;
    }
    return all.stream().sorted().skip(TAKEN / 2).findFirst().orElseThrow();
  }

  /** Who claims what a model says, each time from nothing: names that compete for few places. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void names_that_followed_changes_are_those_that_are_made_at_once(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      List<Entry> changes = new ArrayList<>();
      Snapshot next = picture;
      for (int j = 0; j <= random.nextInt(3); j++) {
        Entry change = change(random, next);
        next = next.after(change);
        changes.add(change);
      }
      Sites.Outcome whole = sites.all(next);
      Sites.Outcome followed = sites.next(names, picture, next, changes);
      assertThat(followed.getClass()).as("round %d: %s", i, changes).isEqualTo(whole.getClass());
      if (followed instanceof Sites.Outcome.Named(Names made)) {
        names = made;
        picture = next;
        assertThat(told(made)).as("round %d: %s", i, changes).isEqualTo(told(named(whole)));
      }
    }
  }

  private static Map<String, String> told(Names names) {
    Map<String, String> told = new LinkedHashMap<>();
    for (String label : LABELS) {
      for (String name : List.of(label, "x." + label, "x.y." + label, "_t." + label)) {
        told.put(name, Lookups.told(names, name + "." + Pictures.ZONE));
      }
      told.put(label + ".live", Lookups.told(names, label + ".live." + Pictures.ZONE));
    }
    told.put("tailored", String.valueOf(names.tailored()));
    return told;
  }

  private static final List<String> LABELS = List.of("a", "b", "c", "x.a", "a.b", "dns", "ns1.dns");

  private Entry change(Random random, Snapshot at) {
    String id = "E" + random.nextInt(4);
    String label = LABELS.get(random.nextInt(LABELS.size()));
    Resource resource =
        switch (random.nextInt(6)) {
          case 0 -> Pictures.channel(random.nextBoolean() ? "a" : "b", any(random, "FRA", "LAX"));
          case 1 -> new TextRecord("_t." + label + "." + Pictures.ZONE, List.of("1"));
          case 2 ->
              Pictures.five()
                  .snapshot()
                  .find(Kind.LOCATION, any(random, "FRA", "NRT"))
                  .orElseThrow()
                  .resource();
          default ->
              new Publication(
                  id,
                  label + "." + Pictures.ZONE,
                  true,
                  random
                      .ints(random.nextInt(3), 0, LABELS.size())
                      .mapToObj(i -> any(random, "", "*.") + LABELS.get(i) + "." + Pictures.ZONE)
                      .distinct()
                      .toList(),
                  random.nextInt(3) == 0,
                  Publication.Terms.USUAL);
        };
    boolean gone = random.nextInt(3) == 0 && at.find(resource.kind(), resource.id()).isPresent();
    return Pictures.after(
        at, resource.kind(), resource.id(), gone ? Optional.empty() : Optional.of(resource));
  }

  private static String any(Random random, String one, String other) {
    return random.nextBoolean() ? one : other;
  }

  private void fill(int count) {
    Pictures pictures = Pictures.five().with(group(true));
    for (int i = 0; i < count; i++) {
      pictures.with(site(i, PriceClass.PRICE_CLASS_ALL)).with(tenant(i, ""));
    }
    picture = pictures.snapshot();
    names = named(sites.all(picture));
  }

  private static Publication site(int number, PriceClass priceClass) {
    return new Publication(
        "E" + number,
        "d-" + number + "." + Pictures.ZONE,
        true,
        List.of("www-" + number + "." + Pictures.ZONE),
        false,
        new Publication.Terms(true, priceClass, true, Publication.Spoken.HTTP2, List.of()));
  }

  private static Publication group(boolean ipv6) {
    return new Publication(
        "cg_1",
        GROUP,
        true,
        List.of(),
        false,
        new Publication.Terms(
            ipv6, PriceClass.PRICE_CLASS_ALL, true, Publication.Spoken.HTTP2, List.of()));
  }

  private static Publication tenant(int number, String prefix) {
    return new Publication(
        "dt_" + number,
        GROUP,
        true,
        List.of(prefix + "shop-" + number + "." + Pictures.ZONE),
        true,
        Publication.Terms.USUAL);
  }

  private void take(Entry entry) {
    Snapshot next = picture.after(entry);
    names = named(sites.next(names, picture, next, List.of(entry)));
    picture = next;
  }

  private static Names named(Sites.Outcome outcome) {
    if (outcome instanceof Sites.Outcome.Named(Names made)) {
      return made;
    }
    throw new AssertionError(outcome.toString());
  }
}
