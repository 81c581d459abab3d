package warmfront.control.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.ConnectionGroup;
import software.amazon.awssdk.services.cloudfront.model.ConnectionGroupSummary;
import software.amazon.awssdk.services.cloudfront.model.CreateConnectionGroupRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateConnectionGroupResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteConnectionGroupRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteConnectionGroupResponse;
import software.amazon.awssdk.services.cloudfront.model.GetConnectionGroupByRoutingEndpointRequest;
import software.amazon.awssdk.services.cloudfront.model.GetConnectionGroupByRoutingEndpointResponse;
import software.amazon.awssdk.services.cloudfront.model.GetConnectionGroupRequest;
import software.amazon.awssdk.services.cloudfront.model.GetConnectionGroupResponse;
import software.amazon.awssdk.services.cloudfront.model.ListConnectionGroupsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListConnectionGroupsResponse;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.UpdateConnectionGroupRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateConnectionGroupResponse;
import warmfront.control.api.Family.Kept;
import warmfront.control.api.Family.Page;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;

/** The operations of connection groups. An update leaves as it is what it does not name. */
final class ConnectionGroups {
  private final Store store;
  private final Site site;
  private final Ids ids;
  private final Quotas quotas;
  private final Resources<ConnectionGroup, ConnectionGroup> all;

  ConnectionGroups(
      Store store,
      Site site,
      Ids ids,
      Quotas quotas,
      Resources<ConnectionGroup, ConnectionGroup> all) {
    this.store = store;
    this.site = site;
    this.ids = ids;
    this.quotas = quotas;
    this.all = all;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateConnectionGroup",
        CreateConnectionGroupRequest.class,
        CreateConnectionGroupRequest::builder,
        this::create);
    handlers.on(
        "GetConnectionGroup",
        GetConnectionGroupRequest.class,
        GetConnectionGroupRequest::builder,
        asked -> {
          Kept<ConnectionGroup> kept =
              store.read(tx -> all.get(tx, resolve(tx, asked.identifier())));
          return GetConnectionGroupResponse.builder()
              .connectionGroup(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "GetConnectionGroupByRoutingEndpoint",
        GetConnectionGroupByRoutingEndpointRequest.class,
        GetConnectionGroupByRoutingEndpointRequest::builder,
        asked -> {
          Kept<ConnectionGroup> kept = store.read(tx -> byEndpoint(tx, asked.routingEndpoint()));
          return GetConnectionGroupByRoutingEndpointResponse.builder()
              .connectionGroup(kept.resource())
              .eTag(kept.etag())
              .build();
        });
    handlers.on(
        "UpdateConnectionGroup",
        UpdateConnectionGroupRequest.class,
        UpdateConnectionGroupRequest::builder,
        this::update);
    handlers.on(
        "DeleteConnectionGroup",
        DeleteConnectionGroupRequest.class,
        DeleteConnectionGroupRequest::builder,
        asked -> {
          all.delete(asked.id(), Optional.ofNullable(asked.ifMatch()));
          return DeleteConnectionGroupResponse.builder().build();
        });
    handlers.on(
        "ListConnectionGroups",
        ListConnectionGroupsRequest.class,
        ListConnectionGroupsRequest::builder,
        this::list);
  }

  private CreateConnectionGroupResponse create(CreateConnectionGroupRequest asked) {
    Map<String, String> tags = tags(asked.tags(), quotas);
    Kept<ConnectionGroup> made =
        store.write(tx ->
            add(
                tx,
                ConnectionGroup.builder()
                    .name(asked.name())
                    .ipv6Enabled(asked.ipv6Enabled())
                    .anycastIpListId(asked.anycastIpListId())
                    .enabled(asked.enabled()),
                tags));
    return CreateConnectionGroupResponse.builder()
        .connectionGroup(made.resource())
        .eTag(made.etag())
        .build();
  }

  /** Reads tags of what knows none of ours. */
  static Map<String, String> tags(@Nullable Tags asked, Quotas quotas) {
    Map<String, String> tags =
        asked == null ? Map.of() : Tagging.tags(asked, quotas.of(Quota.TAGS));
    OwnTags.refuse(tags);
    return tags;
  }

  private Kept<ConnectionGroup> add(
      Transaction tx, ConnectionGroup.Builder group, Map<String, String> tags) {
    return all.create(tx, group.routingEndpoint(ids.label() + "." + site.zone()).build(), tags);
  }

  /** Returns the id of a group that a caller names, or of the default one, made on demand. */
  String orDefault(Transaction tx, @Nullable String asked) {
    if (asked != null && !asked.isEmpty()) {
      return resolve(tx, asked);
    }
    return tx.owner(ConnectionGroupFamily.DEFAULT, ConnectionGroupFamily.DEFAULT)
        .orElseGet(() ->
            add(
                    tx,
                    ConnectionGroup.builder().name("default-" + ids.label()).isDefault(true),
                    Map.of())
                .row()
                .id());
  }

  /** Returns the group of an id. */
  ConnectionGroup get(Transaction tx, String id) {
    return all.get(tx, id).resource();
  }

  private static String resolve(Transaction tx, String identifier) {
    String id = TenantRules.idOf(identifier);
    return tx.find(ConnectionGroupFamily.TYPE, id).isPresent()
        ? id
        : tx.owner(ConnectionGroupFamily.NAMES, id).orElse(id);
  }

  private Kept<ConnectionGroup> byEndpoint(Transaction tx, String endpoint) {
    return tx.owner(ConnectionGroupFamily.ENDPOINTS, AliasRules.lower(endpoint))
        .map(id -> all.get(tx, id))
        .orElseThrow(() ->
            new Refused(
                "EntityNotFound",
                "There is no connection group with the routing endpoint %s.".formatted(endpoint)));
  }

  private UpdateConnectionGroupResponse update(UpdateConnectionGroupRequest asked) {
    Kept<ConnectionGroup> changed =
        store.write(tx -> {
          ConnectionGroup.Builder group = get(tx, asked.id()).toBuilder();
          if (asked.ipv6Enabled() != null) {
            group.ipv6Enabled(asked.ipv6Enabled());
          }
          if (asked.enabled() != null) {
            group.enabled(asked.enabled());
          }
          if (asked.anycastIpListId() != null) {
            group.anycastIpListId(asked.anycastIpListId());
          }
          return all.update(tx, asked.id(), Optional.ofNullable(asked.ifMatch()), group.build());
        });
    return UpdateConnectionGroupResponse.builder()
        .connectionGroup(changed.resource())
        .eTag(changed.etag())
        .build();
  }

  private ListConnectionGroupsResponse list(ListConnectionGroupsRequest asked) {
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.of(Quota.PAGE_ITEMS));
    @Nullable String list =
        asked.associationFilter() == null ? null : asked.associationFilter().anycastIpListId();
    Page<ConnectionGroup> page =
        all.list(
            group -> list == null || list.equals(group.anycastIpListId()),
            paging.marker(),
            paging.max());
    ListConnectionGroupsResponse.Builder said = ListConnectionGroupsResponse.builder();
    page.next().ifPresent(said::nextMarker);
    List<ConnectionGroupSummary> items =
        page.items().stream()
            .map(kept ->
                Members.copy(kept.resource(), ConnectionGroupSummary.builder().eTag(kept.etag()))
                    .build())
            .toList();
    return said.connectionGroups(items).build();
  }
}
