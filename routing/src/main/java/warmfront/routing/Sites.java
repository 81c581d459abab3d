package warmfront.routing;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Rendezvous;
import warmfront.distribution.Resource;
import warmfront.distribution.TextRecord;
import warmfront.routing.dns.Everywhere;
import warmfront.routing.dns.Names;
import warmfront.routing.dns.Service;
import warmfront.routing.dns.Site;
import warmfront.routing.dns.Steering;
import warmfront.routing.dns.WireName;
import warmfront.routing.dns.ZoneConfig;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber.Verdict;

/**
 * What the log says of the zone's names: which are those of published distributions, of channels,
 * aliases of distributions, and which have texts. An alias that is another's name is no loss of
 * that one; those of a guest are answered as soon as the name is there that they are aliases of.
 * Immutable.
 */
final class Sites {
  /** What came of compiling. */
  sealed interface Outcome {
    record Named(Names names) implements Outcome {}

    record Refused(Verdict.Rejected verdict) implements Outcome {}
  }

  private record Key(Kind kind, String id) {}

  /** The kinds whose resources claim names. */
  private static final Set<Kind> CLAIMING =
      EnumSet.of(Kind.PUBLICATION, Kind.CHANNEL, Kind.TEXT_RECORD);

  /** The kinds that names depend on. */
  private static final Set<Kind> REACHING =
      EnumSet.of(Kind.PUBLICATION, Kind.CHANNEL, Kind.TEXT_RECORD, Kind.LOCATION);

  private static final String WILDCARD = "*.";

  private final Names own;
  private final String zone;
  private final boolean http3;

  /**
   * Makes one for a zone.
   *
   * @param http3 whether the edges speak HTTP/3 at all
   */
  Sites(ZoneConfig zone, boolean http3) {
    this.own = Names.of(zone);
    this.zone = zone.name();
    this.http3 = http3;
  }

  /** Compiles all names of a picture. */
  Outcome all(Snapshot picture) {
    Map<Key, Long> touched = new LinkedHashMap<>();
    for (Kind kind : CLAIMING) {
      picture.versioned(kind).stream()
          .sorted(Comparator.comparing(one -> one.resource().id()))
          .forEach(one -> touched.put(new Key(kind, one.resource().id()), one.revision()));
    }
    Names.Edit edit = own.edit();
    edit.places(places(picture));
    return claim(edit, touched, picture);
  }

  /**
   * Compiles the names that changes reach; they stay the same object if none is.
   *
   * @param names those of the picture before
   * @param changes from that picture to the next
   */
  Outcome next(Names names, Snapshot before, Snapshot next, List<Entry> changes) {
    if (changes.stream().noneMatch(one -> REACHING.contains(one.kind()))) {
      return new Outcome.Named(names);
    }
    Map<Key, Long> touched = new LinkedHashMap<>();
    Names.Edit edit = names.edit();
    for (Entry change : changes) {
      if (CLAIMING.contains(change.kind())) {
        touched.put(new Key(change.kind(), change.id()), change.revision());
      } else if (change.kind() == Kind.LOCATION) {
        edit.places(places(next));
        // A channel's home is known by the place's number.
        before.versioned(Kind.CHANNEL).forEach(one -> touch(one, change.revision(), touched));
      }
    }
    for (Key key : touched.keySet()) {
      before.find(key.kind(), key.id()).ifPresent(gone -> forget(gone.resource(), edit));
    }
    return claim(edit, touched, next);
  }

  private static void touch(Snapshot.Versioned one, long revision, Map<Key, Long> touched) {
    touched.putIfAbsent(new Key(one.resource().kind(), one.resource().id()), revision);
  }

  private static List<String> places(Snapshot picture) {
    return picture.all(Kind.LOCATION, Location.class).stream().map(Location::id).sorted().toList();
  }

  private Outcome claim(Names.Edit edit, Map<Key, Long> touched, Snapshot picture) {
    for (Map.Entry<Key, Long> one : touched.entrySet()) {
      Optional<Resource> there =
          picture.find(one.getKey().kind(), one.getKey().id()).map(Snapshot.Versioned::resource);
      if (there.isPresent() && !claim(there.get(), edit)) {
        return new Outcome.Refused(refusal(one.getValue(), (Publication) there.get()));
      }
    }
    return new Outcome.Named(edit.build());
  }

  private Verdict.Rejected refusal(long revision, Publication publication) {
    return new Verdict.Rejected(
        revision,
        "the name of distribution %s is not free in the zone %s: %s"
            .formatted(publication.id(), zone, publication.domainName()));
  }

  /** Claims the names of a resource; returns whether a distribution's own one was free. */
  private boolean claim(Resource resource, Names.Edit edit) {
    switch (resource) {
      case Publication publication -> {
        return claim(publication, edit);
      }
      case Channel channel -> {
        int home = edit.places().indexOf(channel.location());
        if (home >= 0) {
          WireName.parse(channel.hostName(zone))
              .ifPresent(name -> edit.home(name, site(channel, home)));
        }
      }
      case TextRecord(String id, List<String> values) ->
          WireName.parse(id).ifPresent(name -> edit.text(name, id, values));
      default -> throw new IllegalArgumentException("claims no name: " + resource.kind());
    }
    return true;
  }

  private boolean claim(Publication publication, Names.Edit edit) {
    Optional<WireName> name = WireName.parse(publication.domainName());
    if (name.isEmpty()
        || !(publication.guest() || edit.tailor(name.get(), site(publication, http3)))) {
      return false;
    }
    for (String alias : publication.aliases()) {
      Optional<WireName> further = WireName.parse(bare(alias));
      if (further.isPresent() && alias.startsWith(WILDCARD)) {
        edit.wildcard(further.get(), publication.id(), name.get());
      } else if (further.isPresent()) {
        edit.alias(further.get(), publication.id(), name.get());
      }
    }
    return true;
  }

  private static String bare(String alias) {
    return alias.startsWith(WILDCARD) ? alias.substring(WILDCARD.length()) : alias;
  }

  /** Ends all that a resource claims. */
  private void forget(Resource gone, Names.Edit edit) {
    Stream<String> names =
        switch (gone) {
          case Publication publication ->
              Stream.concat(
                  Stream.of(publication.domainName()),
                  publication.aliases().stream().map(Sites::bare));
          case Channel channel -> Stream.of(channel.hostName(zone));
          default -> Stream.of(gone.id());
        };
    names
        .flatMap(name -> WireName.parse(name).stream())
        .forEach(name -> edit.remove(name, gone.id()));
  }

  /** Returns what is published under an id; empty if nothing is, or as another's guest. */
  Optional<Site> find(Snapshot picture, String id) {
    return picture
        .find(Kind.PUBLICATION, id)
        .map(one -> (Publication) one.resource())
        .filter(publication -> !publication.guest())
        .map(publication -> site(publication, http3));
  }

  /** Returns what the choice for a distribution depends on. */
  static Site site(Publication publication, boolean http3) {
    Publication.Terms terms = publication.terms();
    return new Site(
        publication.id(),
        Rendezvous.hash(publication.id()),
        terms.ipv6(),
        terms.priceClass(),
        terms.explores(),
        Steering.ANYWHERE,
        service(terms.spoken(), http3),
        Everywhere.of(terms.anycast()));
  }

  private static Service service(Publication.Spoken spoken, boolean http3) {
    if (spoken.http3() && http3) {
      return spoken.http2() ? Service.HTTP3_AND_2 : Service.HTTP3;
    }
    return spoken.http2() ? Service.HTTP2 : Service.NONE;
  }

  /**
   * Returns what the choice for a channel depends on. Its publisher and those who fetch it have to
   * meet at one server: so it has addresses of one family.
   */
  static Site site(Channel channel, int home) {
    return new Site(
        channel.id(),
        Rendezvous.hash(channel.id()),
        false,
        PriceClass.PRICE_CLASS_ALL,
        false,
        home,
        Service.NONE,
        Optional.empty());
  }
}
