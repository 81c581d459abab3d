package warmfront.control.api;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DomainItem;
import software.amazon.awssdk.services.cloudfront.model.ParameterDefinition;

/** Configurations of multi-tenant distributions that tests begin with. */
final class SharedConfigs {
  private SharedConfigs() {}

  /** Returns one whose origin has a required parameter, and one that has a default. */
  static DistributionConfig named(String reference) {
    return Configs.minimal(reference)
        .copy(c ->
            c.connectionMode("tenant-only")
                .defaultRootObject("index.html")
                .tenantConfig(t ->
                    t.parameterDefinitions(
                        parameter("site", true, null), parameter("folder", false, "all")))
                .origins(o ->
                    o.quantity(1)
                        .items(
                            Configs.server()
                                .copy(s ->
                                    s.domainName("{{site}}.origin.example.com")
                                        .originPath("/sites/{{folder}}")))));
  }

  static ParameterDefinition parameter(String name, boolean required, @Nullable String value) {
    return ParameterDefinition.builder()
        .name(name)
        .definition(d -> d.stringSchema(s -> s.required(required).defaultValue(value)))
        .build();
  }

  static DomainItem domain(String name) {
    return DomainItem.builder().domain(name).build();
  }
}
