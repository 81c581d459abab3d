package warmfront.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Rendezvous;
import warmfront.distribution.TextRecord;
import warmfront.routing.dns.Names;
import warmfront.routing.dns.Service;
import warmfront.routing.dns.TextRecords;
import warmfront.routing.dns.WireName;
import warmfront.routing.dns.ZoneConfig;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;

/** The distributions that have been published, and the channels, each with a number. Immutable. */
final class Sites {
  /**
   * What of a distribution the choice depends on.
   *
   * @param id its id
   * @param hash of its id, for rendezvous
   * @param ipv6 whether it has IPv6 addresses
   * @param priceClass which locations are its own
   * @param explores whether locations may be explored with its viewers
   * @param home the index of the one location that a channel is at; negative for a distribution
   * @param spoken what its viewers may speak
   * @param anycast the addresses that all its viewers are given; empty where they are chosen
   */
  record Site(
      String id,
      long hash,
      boolean ipv6,
      PriceClass priceClass,
      boolean explores,
      int home,
      Publication.Spoken spoken,
      Optional<Everywhere> anycast) {
    Site(String id, long hash, boolean ipv6, PriceClass priceClass, boolean explores) {
      this(id, hash, ipv6, priceClass, explores, -1, Publication.Spoken.NOTHING, Optional.empty());
    }

    /**
     * A channel's publisher and those who fetch it have to meet at one server: so it has addresses
     * of one family.
     */
    private static Site of(Channel channel, int home) {
      return new Site(
          channel.id(),
          Rendezvous.hash(channel.id()),
          false,
          PriceClass.PRICE_CLASS_ALL,
          false,
          home,
          Publication.Spoken.NOTHING,
          Optional.empty());
    }

    private static Site of(Publication publication) {
      return new Site(
          publication.id(),
          Rendezvous.hash(publication.id()),
          publication.ipv6(),
          publication.priceClass(),
          publication.explores(),
          -1,
          publication.spoken(),
          Everywhere.of(publication.anycast()));
    }

    private Service service(boolean http3) {
      if (spoken.http3() && http3) {
        return spoken.http2() ? Service.HTTP3_AND_2 : Service.HTTP3;
      }
      return spoken.http2() ? Service.HTTP2 : Service.NONE;
    }
  }

  private static final String WILDCARD = "*.";

  private final List<Site> sites;
  private final int distributions;
  private final Names names;

  private Sites(List<Site> sites, int distributions, Names names) {
    this.sites = sites;
    this.distributions = distributions;
    this.names = names;
  }

  /** Returns what is wrong with the names of a picture's published distributions, if anything. */
  static Optional<Verdict.Rejected> objection(Snapshot snapshot, ZoneConfig zone) {
    WireName zoneName = WireName.of(zone.name());
    Names own = Names.of(zone, Names.Content.of(Map.of()));
    Set<WireName> taken = new HashSet<>();
    for (Snapshot.Versioned one : published(snapshot)) {
      Publication publication = (Publication) one.resource();
      if (publication.guest()) {
        continue;
      }
      Optional<WireName> name = WireName.parse(publication.domainName());
      if (name.isEmpty()
          || !name.get().isIn(zoneName)
          || own.has(name.get())
          || !taken.add(name.get())) {
        return Optional.of(
            new Verdict.Rejected(
                one.revision(),
                "the name of distribution %s is not free in the zone %s: %s"
                    .formatted(publication.id(), zone.name(), publication.domainName())));
      }
    }
    return Optional.empty();
  }

  /**
   * Numbers the published distributions of a picture to which there is no objection. An alias that
   * lies in the zone gets an answer there, unless its name is another's, which is no other
   * distribution's loss; the zone's own name cannot have one (RFC 1034, section 3.6.2). Those of a
   * guest are answered as soon as the name is there that they are aliases of.
   *
   * @param locations in the order of their codes; each distribution has a name at each
   */
  static Sites of(Snapshot snapshot, List<Location> locations, ZoneConfig zone) {
    Map<WireName, Integer> numbers = new HashMap<>();
    List<Publication> publications =
        published(snapshot).stream().map(one -> (Publication) one.resource()).toList();
    List<Site> sites = new ArrayList<>();
    for (Publication publication : publications) {
      if (publication.guest()) {
        continue;
      }
      numbers.put(WireName.of(publication.domainName()), sites.size());
      sites.add(Site.of(publication));
    }
    List<String> places = locations.stream().map(Location::id).toList();
    Map<WireName, Integer> homes = homes(snapshot, places, zone, sites);
    Names own =
        Names.of(
            zone, new Names.Content(numbers, places, homes, Map.of(), Map.of(), TextRecords.NONE));
    Map<WireName, WireName> aliases = new HashMap<>();
    Map<WireName, WireName> wildcards = new HashMap<>();
    for (Publication publication : publications) {
      WireName target = WireName.of(publication.domainName());
      if (!numbers.containsKey(target)) {
        continue;
      }
      for (String alias : publication.aliases()) {
        boolean wild = alias.startsWith(WILDCARD);
        Optional<WireName> name = WireName.parse(wild ? alias.substring(2) : alias);
        if (name.isEmpty() || !name.get().isIn(own.zone())) {
          continue;
        }
        if (wild) {
          wildcards.putIfAbsent(name.get(), target);
        } else if (!own.has(name.get())) {
          aliases.putIfAbsent(name.get(), target);
        }
      }
    }
    TextRecords texts = texts(snapshot, own, aliases.keySet());
    Names names =
        Names.of(zone, new Names.Content(numbers, places, homes, aliases, wildcards, texts));
    return new Sites(List.copyOf(sites), numbers.size(), names);
  }

  /** Adds the channels to the sites and returns their names with their numbers. */
  private static Map<WireName, Integer> homes(
      Snapshot snapshot, List<String> places, ZoneConfig zone, List<Site> sites) {
    Names own = Names.of(zone, Names.Content.of(Map.of()));
    Map<WireName, Integer> homes = new HashMap<>();
    for (Channel channel : snapshot.all(Kind.CHANNEL, Channel.class)) {
      Optional<WireName> name = WireName.parse(channel.hostName(zone.name()));
      int home = places.indexOf(channel.location());
      if (home >= 0 && name.isPresent() && !own.has(name.get())) {
        homes.put(name.get(), sites.size());
        sites.add(Site.of(channel, home));
      }
    }
    return homes;
  }

  /** Texts of names that are not in the zone, or another's, are no other name's loss. */
  private static TextRecords texts(Snapshot snapshot, Names own, Set<WireName> aliases) {
    Map<WireName, List<String>> texts = new HashMap<>();
    for (TextRecord record : snapshot.all(Kind.TEXT_RECORD, TextRecord.class)) {
      Optional<WireName> name = WireName.parse(record.id());
      if (name.isPresent()
          && name.get().isIn(own.zone())
          && !own.has(name.get())
          && !aliases.contains(name.get())
          && texts.size() < TextRecords.NAMES_MAX) {
        texts.put(name.get(), record.values());
      }
    }
    return new TextRecords(texts);
  }

  private static List<Snapshot.Versioned> published(Snapshot snapshot) {
    return snapshot.versioned(Kind.PUBLICATION).stream()
        .sorted(Comparator.comparing(one -> one.resource().id()))
        .toList();
  }

  /**
   * Returns what HTTPS records say of each, by its number.
   *
   * @param http3 whether the edges speak HTTP/3 at all
   */
  List<Service> services(boolean http3) {
    return sites.stream().map(site -> site.service(http3)).toList();
  }

  Site site(int number) {
    return sites.get(number);
  }

  /** Returns a distribution's number; empty if it is not published. */
  OptionalInt number(String id) {
    return IntStream.range(0, distributions).filter(i -> sites.get(i).id().equals(id)).findFirst();
  }

  Names names() {
    return names;
  }

  /** Returns the number of distributions. */
  int size() {
    return distributions;
  }
}
