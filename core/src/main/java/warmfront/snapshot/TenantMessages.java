package warmfront.snapshot;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import warmfront.distribution.Anycast;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Geography;
import warmfront.distribution.Tenancy;
import warmfront.distribution.Tenant;
import warmfront.snapshot.wire.Parameter;

/** Multi-tenant distributions' tenants and connection groups, as records and as protobuf. */
final class TenantMessages {
  private TenantMessages() {}

  static Message write(Tenant from) {
    warmfront.snapshot.wire.Tenant.Builder to =
        warmfront.snapshot.wire.Tenant.newBuilder()
            .setId(from.id())
            .setDistributionId(from.distributionId())
            .setEnabled(from.enabled())
            .addAllDomains(from.domains())
            .addAllParameters(parameters(from.parameters()))
            .setConnectionGroupId(from.connectionGroupId());
    from.geography().ifPresent(own -> to.setGeography(write(own)));
    from.certificate().ifPresent(to::setCertificateId);
    return to.build();
  }

  static Tenant read(warmfront.snapshot.wire.Tenant from) {
    return new Tenant(
        from.getId(),
        from.getDistributionId(),
        from.getEnabled(),
        from.getDomainsList(),
        values(from.getParametersList()),
        from.getConnectionGroupId(),
        from.hasGeography() ? Optional.of(read(from.getGeography())) : Optional.empty(),
        from.hasCertificateId() ? Optional.of(from.getCertificateId()) : Optional.empty());
  }

  static Message write(ConnectionGroup from) {
    warmfront.snapshot.wire.ConnectionGroup.Builder to =
        warmfront.snapshot.wire.ConnectionGroup.newBuilder()
            .setId(from.id())
            .setDomainName(from.domainName())
            .setEnabled(from.enabled())
            .setIpv6(from.ipv6());
    from.anycast().ifPresent(anycast -> to.setAnycast(write(anycast)));
    return to.build();
  }

  static warmfront.snapshot.wire.Anycast write(Anycast from) {
    return warmfront.snapshot.wire.Anycast.newBuilder()
        .setListId(from.listId())
        .addAllAddresses(from.addresses())
        .build();
  }

  static Anycast read(warmfront.snapshot.wire.Anycast from) {
    return new Anycast(from.getListId(), from.getAddressesList());
  }

  static ConnectionGroup read(warmfront.snapshot.wire.ConnectionGroup from) {
    return new ConnectionGroup(
        from.getId(),
        from.getDomainName(),
        from.getEnabled(),
        from.getIpv6(),
        from.hasAnycast() ? Optional.of(read(from.getAnycast())) : Optional.empty());
  }

  static warmfront.snapshot.wire.Tenancy write(Tenancy from) {
    return warmfront.snapshot.wire.Tenancy.newBuilder()
        .addAllDefaults(parameters(from.defaults()))
        .build();
  }

  static Tenancy read(warmfront.snapshot.wire.Tenancy from) {
    return new Tenancy(values(from.getDefaultsList()));
  }

  static warmfront.snapshot.wire.Geography write(Geography from) {
    return warmfront.snapshot.wire.Geography.newBuilder()
        .setRule(warmfront.snapshot.wire.Geography.Rule.valueOf(from.rule().name()))
        .addAllCountries(new TreeSet<>(from.countries()))
        .build();
  }

  static Geography read(warmfront.snapshot.wire.Geography from) {
    return new Geography(
        Geography.Rule.valueOf(from.getRule().getValueDescriptor().getName()),
        new HashSet<>(from.getCountriesList()));
  }

  private static List<Parameter> parameters(Map<String, String> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(one ->
                Parameter.newBuilder().setName(one.getKey()).setValue(one.getValue()).build())
            .toList();
  }

  private static Map<String, String> values(List<Parameter> parameters) {
    Map<String, String> values = new HashMap<>();
    parameters.forEach(one -> values.put(one.getName(), one.getValue()));
    return values;
  }
}
