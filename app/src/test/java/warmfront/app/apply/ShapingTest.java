package warmfront.app.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Models;
import warmfront.control.api.wire.XmlLimits;

/** Properties of templates as documents of the API. */
final class ShapingTest {
  private static String document(String structure, String yaml) throws ApplyException {
    String document = new Codec(XmlLimits.DEFAULT).document(structure, filled(structure, yaml));
    return document
        .replaceFirst("(?s)^.*?<" + structure + "[^>]*>", "")
        .replaceFirst("</" + structure + ">$", "");
  }

  private static SdkPojo filled(String structure, String yaml) throws ApplyException {
    return new Shaping("ref").fill(Models.builder(structure).get(), TemplateReader.read(yaml), "P");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Aliases             | {Items: [a, b]}                            | <Quantity>2</Quantity><Items><CNAME>a</CNAME><CNAME>b</CNAME></Items>
          Aliases             | {Quantity: 3, Items: [a]}                  | <Quantity>3</Quantity><Items><CNAME>a</CNAME></Items>
          GeoRestriction      | {RestrictionType: none}                    | <RestrictionType>none</RestrictionType><Quantity>0</Quantity>
          GeoRestriction      | {RestrictionType: blacklist, Locations: [KP]} | <RestrictionType>blacklist</RestrictionType><Quantity>1</Quantity><Items><Location>KP</Location></Items>
          Restrictions        | {GeoRestriction: {RestrictionType: none, Locations: []}} | <GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity><Items></Items></GeoRestriction>
          S3OriginConfig      | {}                                         | <OriginAccessIdentity></OriginAccessIdentity>
          CustomOriginConfig  | {OriginProtocolPolicy: http-only, HTTPPort: 8080} | <HTTPPort>8080</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>http-only</OriginProtocolPolicy>
          CustomOriginConfig  | {OriginProtocolPolicy: x, OriginSSLProtocols: [TLSv1.2]} | <HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>x</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols>
          Origin              | {Id: a, OriginCustomHeaders: [{HeaderName: b, HeaderValue: c}]} | <Id>a</Id><CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>b</HeaderName><HeaderValue>c</HeaderValue></OriginCustomHeader></Items></CustomHeaders>
          ForwardedValues     | {QueryString: false}                       | <QueryString>false</QueryString><Cookies><Forward>none</Forward></Cookies>
          CookiePreference    | {Forward: whitelist, WhitelistedNames: [a]} | <Forward>whitelist</Forward><WhitelistedNames><Quantity>1</Quantity><Items><Name>a</Name></Items></WhitelistedNames>
          ViewerCertificate   | {AcmCertificateArn: a, SslSupportMethod: sni-only} | <ACMCertificateArn>a</ACMCertificateArn><SSLSupportMethod>sni-only</SSLSupportMethod>
          LoggingConfig       | {Bucket: b}                                | <Enabled>true</Enabled><IncludeCookies>false</IncludeCookies><Bucket>b</Bucket><Prefix></Prefix>
          TrustedSigners      | {Enabled: true, AwsAccountNumbers: [self]} | <Enabled>true</Enabled><Quantity>1</Quantity><Items><AwsAccountNumber>self</AwsAccountNumber></Items>
          CloudFrontOriginAccessIdentityConfig | {Comment: c}              | <CallerReference>ref</CallerReference><Comment>c</Comment>
          PublicKeyConfig     | {CallerReference: own, Name: n}            | <CallerReference>own</CallerReference><Name>n</Name>
          OriginGroups        | {Quantity: 1, Items: [{Id: a, Members: {Quantity: 1, Items: [{OriginId: b}]}}]} | <Quantity>1</Quantity><Items><OriginGroup><Id>a</Id><Members><Quantity>1</Quantity><Items><OriginGroupMember><OriginId>b</OriginId></OriginGroupMember></Items></Members></OriginGroup></Items>
          DefaultCacheBehavior| {TargetOriginId: a, TrustedKeyGroups: [k]} | <TargetOriginId>a</TargetOriginId><TrustedKeyGroups><Enabled>true</Enabled><Quantity>1</Quantity><Items><KeyGroup>k</KeyGroup></Items></TrustedKeyGroups>
          DefaultCacheBehavior| {AllowedMethods: [GET], CachedMethods: [HEAD]} | <AllowedMethods><Quantity>1</Quantity><Items><Method>GET</Method></Items><CachedMethods><Quantity>1</Quantity><Items><Method>HEAD</Method></Items></CachedMethods></AllowedMethods>
          DefaultCacheBehavior| {FunctionAssociations: [{EventType: viewer-request, FunctionARN: f}]} | <FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>f</FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>
          CreateDistributionTenantRequest | {Domains: [a.example]}         | <Domains><member><Domain>a.example</Domain></member></Domains>
          CreateConnectionGroupRequest | {Tags: [{Key: a, Value: b}]}      | <Tags><Items><Tag><Key>a</Key><Value>b</Value></Tag></Items></Tags>
          """)
  void a_template_says_the_same_in_fewer_words(String structure, String yaml, String xml)
      throws ApplyException {
    assertThat(document(structure, yaml)).isEqualTo(xml);
  }

  @Test
  void what_a_distribution_needs_and_a_template_does_not_say_is_said() throws ApplyException {
    assertThat(document("DistributionConfig", "{IPV6Enabled: 'TRUE', Aliases: [a.example]}"))
        .contains("<CallerReference>ref</CallerReference>")
        .contains("<Comment></Comment>")
        .contains("<IsIPV6Enabled>true</IsIPV6Enabled>")
        .contains(
            "<Aliases><Quantity>1</Quantity><Items><CNAME>a.example</CNAME></Items></Aliases>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {Enable: true}                        | P.Enable: there is no such property
          {Origins: [{Id: a, Path: /}]}         | P.Origins[0].Path: there is no such property
          {Origins: a}                          | P.Origins is the text 'a' where a map is wanted
          {Aliases: {Items: {a: b}}}            | P.Aliases is a map where a list is wanted
          {Comment: [a]}                        | P.Comment is a list where a text is wanted
          {Enabled: yes}                        | P.Enabled: 'yes' is no boolean
          {Origins: [{ConnectionAttempts: x}]}  | P.Origins[0].ConnectionAttempts: 'x' is no integer
          {DefaultCacheBehavior: {CachedMethods: [GET]}} | P.DefaultCacheBehavior.CachedMethods: needs AllowedMethods
          """)
  void what_the_api_does_not_know_is_named_by_its_path(String yaml, String message) {
    assertThatThrownBy(() -> filled("DistributionConfig", yaml))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void scalars_are_found_by_their_paths() throws ApplyException {
    Leaves leaves =
        Leaves.of(
            filled(
                "DistributionConfig",
                "{Comment: '', Enabled: true, Origins: [{Id: a}, {Id: b}], Aliases: [c]}"));

    assertThat(leaves.texts())
        .isEqualTo(
            Map.of(
                "CallerReference", "ref",
                "Enabled", "true",
                "Origins[0].Id", "a",
                "Origins[1].Id", "b",
                "Aliases[0]", "c"));
  }

  @Test
  void a_change_is_known_by_digests_that_do_not_tell_the_text() {
    Leaves before = leaves("a", "hush", "b", "same", "c", "gone");
    Leaves after = leaves("a", "louder", "b", "same", "d", "new");

    assertThat(before.digests().toString()).doesNotContain("hush").doesNotContain("same");
    assertThat(after.changed(before.digests())).isEqualTo(Set.of("a", "c", "d"));
    assertThat(after.changed(after.digests())).isEmpty();
  }

  @Test
  void what_a_resource_does_not_show_is_not_compared_with_it() {
    Leaves wanted = leaves("Config.A", "1", "Config.B", "2", "Code", "x");

    assertThat(wanted.otherwise(leaves("Config.A", "1", "Config.C", "3"), Set.of("Config")))
        .isEqualTo(Set.of("Config.B"));
  }

  private static Leaves leaves(String... pairs) {
    TreeMap<String, String> texts = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      texts.put(pairs[i], pairs[i + 1]);
    }
    return new Leaves(texts);
  }
}
