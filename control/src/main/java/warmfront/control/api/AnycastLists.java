package warmfront.control.api;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.AnycastIpList;
import software.amazon.awssdk.services.cloudfront.model.AnycastIpListSummary;
import software.amazon.awssdk.services.cloudfront.model.CreateAnycastIpListRequest;
import software.amazon.awssdk.services.cloudfront.model.IpAddressType;
import software.amazon.awssdk.services.cloudfront.model.UpdateAnycastIpListRequest;
import warmfront.control.api.Ledger.Entry;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Anycast;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * Anycast static IP lists: made of the addresses that the operator announces from every location.
 * Lists share them, as every edge serves every distribution. What edges and DNS servers obey is in
 * the distributions and connection groups that have a list.
 */
final class AnycastLists {
  static final String TYPE = "anycast-ip-list";

  private static final String ROOT = "AnycastIpList";
  private static final String NAMES = "anycast-ip-list-name";

  /** How many addresses CloudFront gives: for names below an apex, and for those at one, too. */
  private static final Set<Integer> COUNTS = new TreeSet<>(Set.of(3, 21));

  private final Kit kit;
  private final Ledger<AnycastIpList> ledger;

  AnycastLists(Kit kit) {
    this.kit = kit;
    this.ledger =
        new Ledger<>(
            new Ledger.Words(
                TYPE,
                ROOT,
                "EntityNotFound",
                "EntityLimitExceeded",
                kit.quotas().of(Quota.ANYCAST_IP_LISTS)),
            AnycastIpList::builder,
            kit);
  }

  void register(Handlers handlers) {
    handlers.on("CreateAnycastIpList", this::create);
    handlers.on(
        "GetAnycastIpList",
        (asked, said) -> whole(said, kit.store().read(tx -> ledger.get(tx, id(asked)))));
    handlers.on("UpdateAnycastIpList", this::update);
    handlers.on(
        "DeleteAnycastIpList",
        (asked, said) ->
            kit.store()
                .write(tx -> {
                  delete(tx, ledger.get(tx, id(asked), Members.text(asked, "IfMatch")));
                  return said;
                }));
    handlers.on("ListAnycastIpLists", this::list);
  }

  /**
   * Returns the ids of the distributions that have a list.
   *
   * @throws Refused {@code EntityNotFound} if there is no such list
   */
  List<String> distributions(Transaction tx, String id) {
    ledger.get(tx, id);
    return users(tx, Kind.DISTRIBUTION, DistributionFamily.TYPE, id);
  }

  /**
   * Returns the addresses of the list that is named, none for no name.
   *
   * @throws Refused {@code EntityNotFound} if there is no such list
   */
  static Optional<Anycast> named(Transaction tx, Codec codec, @Nullable String id) {
    if (id == null || id.isEmpty()) {
      return Optional.empty();
    }
    Row row =
        tx.find(TYPE, id)
            .orElseThrow(() ->
                new Refused("EntityNotFound", "There is no Anycast IP list %s.".formatted(id)));
    AnycastIpList list = (AnycastIpList) codec.parse(ROOT, AnycastIpList.builder(), row.body());
    return Optional.of(new Anycast(id, list.anycastIps()));
  }

  private void create(SdkPojo asked, SdkPojo said) {
    CreateAnycastIpListRequest request = (CreateAnycastIpListRequest) asked;
    refuseBrought(request.ipamCidrConfigs());
    IpAddressType type =
        request.ipAddressType() == null ? IpAddressType.IPV4 : request.ipAddressType();
    List<String> addresses = addresses(type, request.ipCount());
    Tagging.Given tags = Tagging.Given.of(asked, kit.quotas());
    Entry<AnycastIpList> made =
        kit.store()
            .write(tx -> {
              String id = "aip_" + kit.ids().label();
              tx.claim(NAMES, request.name(), id)
                  .ifPresent(_ -> {
                    throw new Refused(
                        "EntityAlreadyExists",
                        "An Anycast IP list with the name %s exists already."
                            .formatted(request.name()));
                  });
              AnycastIpList list =
                  AnycastIpList.builder()
                      .id(id)
                      .name(request.name())
                      .ipAddressType(type)
                      .ipCount(request.ipCount())
                      .anycastIps(addresses)
                      .build();
              Entry<AnycastIpList> entry = ledger.add(tx, id, "Deployed", list);
              tags.keep(tx, arn(id));
              return entry;
            });
    whole(said, made);
  }

  private static void refuseBrought(List<?> configs) {
    if (!configs.isEmpty()) {
      throw invalid(
          "IpamCidrConfigs",
          "is not supported by this version: a list has the addresses that the operator announces");
    }
  }

  /** Of a family so many as are asked for; of both families so many of each. */
  private List<String> addresses(IpAddressType type, int count) {
    List<InetAddress> announced = kit.site().anycast();
    return switch (type) {
      case IPV4 -> first(announced.stream().filter(Inet4Address.class::isInstance), count, type);
      case IPV6 ->
          first(announced.stream().filter(one -> !(one instanceof Inet4Address)), count, type);
      case DUALSTACK ->
          Stream.concat(
                  addresses(IpAddressType.IPV4, count).stream(),
                  addresses(IpAddressType.IPV6, count).stream())
              .toList();
      case UNKNOWN_TO_SDK_VERSION -> throw invalid("IpAddressType", "is ipv4, ipv6 or dualstack");
    };
  }

  private static List<String> first(Stream<InetAddress> of, int count, IpAddressType type) {
    List<String> all = of.map(InetAddress::getHostAddress).toList();
    if (all.isEmpty()) {
      throw invalid(
          "IpAddressType",
          "is %s, and the operator announces no such address (zone.anycast)".formatted(type));
    }
    Set<Integer> counts = new TreeSet<>(COUNTS);
    counts.removeIf(one -> one > all.size());
    counts.add(all.size());
    if (!counts.contains(count)) {
      throw invalid(
          "IpCount",
          "is one of %s: the operator announces %d addresses of %s (zone.anycast), not %d"
              .formatted(counts, all.size(), type, count));
    }
    return all.subList(0, count);
  }

  private void update(SdkPojo asked, SdkPojo said) {
    UpdateAnycastIpListRequest request = (UpdateAnycastIpListRequest) asked;
    refuseBrought(request.ipamCidrConfigs());
    whole(
        said,
        kit.store()
            .write(tx -> {
              Entry<AnycastIpList> before =
                  ledger.get(tx, request.id(), Optional.ofNullable(request.ifMatch()));
              @Nullable IpAddressType type = request.ipAddressType();
              if (type == null || type == before.value().ipAddressType()) {
                return ledger.change(tx, before, "Deployed", before.value());
              }
              requireUnused(tx, before, "InvalidArgument", "changed");
              return ledger.change(
                  tx,
                  before,
                  "Deployed",
                  before.value().toBuilder()
                      .ipAddressType(type)
                      .anycastIps(addresses(type, before.value().ipCount()))
                      .build());
            }));
  }

  private void delete(Transaction tx, Entry<AnycastIpList> entry) {
    requireUnused(tx, entry, "CannotDeleteEntityWhileInUse", "deleted");
    ledger.remove(tx, entry.id());
    tx.releaseAll(NAMES, entry.id());
    tx.untagAll(arn(entry.id()));
  }

  private static void requireUnused(
      Transaction tx, Entry<AnycastIpList> entry, String code, String what) {
    Stream.concat(
            users(tx, Kind.DISTRIBUTION, DistributionFamily.TYPE, entry.id()).stream(),
            users(tx, Kind.CONNECTION_GROUP, ConnectionGroupFamily.TYPE, entry.id()).stream())
        .findFirst()
        .ifPresent(user -> {
          throw new Refused(
              code,
              "The Anycast IP list %s cannot be %s: %s uses it.".formatted(entry.id(), what, user));
        });
  }

  /** One that is deleted may still be on its way off the edges. */
  private static List<String> users(Transaction tx, Kind kind, String type, String id) {
    return tx.latest(kind).stream()
        .filter(user -> anycast(user).map(Anycast::listId).equals(Optional.of(id)))
        .map(Resource::id)
        .filter(user -> tx.find(type, user).isPresent())
        .toList();
  }

  private static Optional<Anycast> anycast(Resource user) {
    return switch (user) {
      case Distribution web -> web.entrance().anycast();
      case ConnectionGroup group -> group.anycast();
      default -> Optional.empty();
    };
  }

  private void list(SdkPojo asked, SdkPojo said) {
    Paging paging = Paging.of(asked, kit.quotas());
    List<Entry<AnycastIpList>> all =
        kit.store()
            .read(tx ->
                ledger.all(tx).stream()
                    .sorted(Comparator.<Entry<AnycastIpList>, String>comparing(Entry::id))
                    .toList());
    SdkPojo list = Members.blank(said, "AnycastIpLists");
    Listing.of(all, paging, Entry::id)
        .map(entry ->
            Members.copy(shown(entry), AnycastIpListSummary.builder().eTag(entry.etag())).build())
        .fill(list, paging);
    Members.set(said, "AnycastIpLists", Members.build(list));
  }

  private void whole(SdkPojo said, Entry<AnycastIpList> entry) {
    Members.set(said, ROOT, shown(entry));
    Members.set(said, "ETag", entry.etag());
  }

  private AnycastIpList shown(Entry<AnycastIpList> entry) {
    return entry.value().toBuilder()
        .status(entry.row().status())
        .arn(arn(entry.id()))
        .lastModifiedTime(entry.row().modified())
        .build();
  }

  private String arn(String id) {
    return kit.site().arn(TYPE, id);
  }

  private static String id(SdkPojo asked) {
    return Members.text(asked, "Id").orElseThrow();
  }

  private static Refused invalid(String parameter, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(parameter, what));
  }
}
