package warmfront.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.control.identity.Policy.Word;

/** What policies say, and what is no policy. */
final class PolicyTest {
  private static final String ARN = "arn:aws:cloudfront::123456789012:";
  private static final String GET = "cloudfront:GetDistribution";

  private static Policy policy(String... statements) {
    return PolicyReader.read(
        "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
            .formatted(String.join(",", statements).replace('\'', '"')));
  }

  private static Word judged(Policy policy, String action, String resource) {
    return policy.judge(Deed.of(action, resource));
  }

  @ParameterizedTest
  @CsvSource({
    "*, *, ALLOWED",
    "cloudfront:*, *, ALLOWED",
    "cloudfront:Get*, *, ALLOWED",
    "CloudFront:getdistribution, *, ALLOWED",
    "cloudfront:G?tDistribution, *, ALLOWED",
    "cloudfront:GetDistributionConfig, *, SILENT",
    "cloudfront:List*, *, SILENT",
    "s3:*, *, SILENT",
    "cloudfront:*, arn:aws:cloudfront::123456789012:distribution/E1, ALLOWED",
    "cloudfront:*, arn:aws:cloudfront::*:distribution/*, ALLOWED",
    "cloudfront:*, arn:*:cloudfront:*:*:*, ALLOWED",
    "cloudfront:*, arn:aws:cloudfront::123456789012:distribution/E?, ALLOWED",
    "cloudfront:*, arn:aws:cloudfront::123456789012:distribution/e1, SILENT",
    "cloudfront:*, arn:aws:cloudfront::123456789012:distribution/E11, SILENT",
    "cloudfront:*, arn:aws:cloudfront::123456789012:distribution/, SILENT",
    "cloudfront:*, arn:aws:cloudfront::210987654321:distribution/E1, SILENT",
    "cloudfront:*, arn:aws:cloudfront:*:distribution/E1:x, SILENT",
  })
  void an_action_and_a_resource_have_to_be_named(String action, String resource, Word expected) {
    Policy policy =
        policy("{'Effect':'Allow','Action':'%s','Resource':['%s']}".formatted(action, resource));

    assertThat(judged(policy, GET, ARN + "distribution/E1")).isEqualTo(expected);
  }

  @Test
  void a_deny_beats_every_allow_in_whatever_order() {
    String allow = "{'Effect':'Allow','Action':'*','Resource':'*'}";
    String deny = "{'Sid':'No','Effect':'Deny','Action':'cloudfront:Delete*','Resource':'*'}";

    for (Policy policy : new Policy[] {policy(allow, deny), policy(deny, allow)}) {
      assertThat(judged(policy, "cloudfront:DeleteDistribution", ARN + "distribution/E1"))
          .isEqualTo(Word.DENIED);
      assertThat(judged(policy, GET, ARN + "distribution/E1")).isEqualTo(Word.ALLOWED);
    }
  }

  @Test
  void what_is_not_meant_may_be_named_instead() {
    Policy policy =
        policy(
            "{'Effect':'Allow','NotAction':['cloudfront:Delete*','acm:*'],'Resource':'*'}",
            "{'Effect':'Deny','Action':'*','NotResource':'%sdistribution/*'}".formatted(ARN));

    assertThat(judged(policy, GET, ARN + "distribution/E1")).isEqualTo(Word.ALLOWED);
    assertThat(judged(policy, "cloudfront:DeleteDistribution", ARN + "distribution/E1"))
        .isEqualTo(Word.SILENT);
    assertThat(judged(policy, "cloudfront:GetCachePolicy", ARN + "cache-policy/1"))
        .isEqualTo(Word.DENIED);
    assertThat(judged(policy, "cloudfront:ListDistributions", "*")).isEqualTo(Word.DENIED);
  }

  @Test
  void an_action_that_is_on_no_resource_is_allowed_on_all_alone() {
    Policy some =
        policy("{'Effect':'Allow','Action':'*','Resource':'%sdistribution/*'}".formatted(ARN));

    assertThat(judged(some, "cloudfront:ListDistributions", "*")).isEqualTo(Word.SILENT);
    assertThat(judged(some, "cloudfront:CreateDistribution", ARN + "distribution/*"))
        .isEqualTo(Word.ALLOWED);
  }

  @Test
  void where_it_is_not_known_which_resource_is_meant_a_deny_of_one_counts() {
    Policy policy =
        policy(
            "{'Effect':'Allow','Action':'*','Resource':'*'}",
            "{'Effect':'Deny','Action':'*','Resource':'%srealtime-log-config/a'}".formatted(ARN));

    Deed one = Deed.somewhere("cloudfront:GetRealtimeLogConfig", ARN + "realtime-log-config/*");
    Deed other = Deed.somewhere("cloudfront:GetDistributionTenant", ARN + "distribution-tenant/x");
    Deed any = Deed.somewhere("cloudfront:PutResourcePolicy", "*");

    assertThat(policy.judge(one)).isEqualTo(Word.DENIED);
    assertThat(policy.judge(any)).isEqualTo(Word.DENIED);
    assertThat(policy.judge(other)).isEqualTo(Word.ALLOWED);
    assertThat(judged(policy, "cloudfront:CreateRealtimeLogConfig", ARN + "realtime-log-config/*"))
        .as("what is yet to be made is none of those that are denied")
        .isEqualTo(Word.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x | JSON",
        "[] | the policy is an object",
        "{} | Version",
        "{'Version':'2008-10-17','Statement':[]} | Version is 2012-10-17",
        "{'Version':'2012-10-17'} | 1 to 100 statements",
        "{'Version':'2012-10-17','Statement':[],'Extra':'1'} | no member Extra",
        "{'Version':'2012-10-17','Statement':['x']} | a statement is an object",
        "S{'Action':'*','Resource':'*'} | Effect",
        "S{'Effect':'allow','Action':'*','Resource':'*'} | Effect",
        "S{'Effect':'Allow','Resource':'*'} | either Action or NotAction",
        "S{'Effect':'Allow','Action':'*'} | either Resource or NotResource",
        "S{'Effect':'Allow','Action':'*','NotAction':'*','Resource':'*'} | either Action",
        "S{'Effect':'Allow','Action':[],'Resource':'*'} | an action is missing",
        "S{'Effect':'Allow','Action':[1],'Resource':'*'} | an action is a text",
        "S{'Effect':'Allow','Action':'cloudfront','Resource':'*'} | SERVICE:NAME, not cloudfront",
        "S{'Effect':'Allow','Action':'cloudfront:a b','Resource':'*'} | SERVICE:NAME",
        "S{'Effect':'Allow','Action':'*','Resource':'distribution/E1'} | * or an ARN",
        "S{'Effect':'Allow','Action':'*','Resource':'arn:aws:cloudfront'} | * or an ARN",
        "S{'Effect':'Allow','Action':'*','Resource':'arn:aws:a:b:c:user/${aws:username}'} |"
            + " variables",
        "S{'Effect':'Allow','Action':'*','Resource':'arn:aws:a:b:c:\\\\?'} | escapes",
        "S{'Effect':'Allow','Action':'*','Resource':'*','Condition':{}} | Condition is not",
        "S{'Effect':'Allow','Action':'*','Resource':'*','Principal':'*'} | Principal is not",
        "S{'Effect':'Allow','Action':'*','Resource':'*','NotPrincipal':'*'} | NotPrincipal is not",
        "S{'Effect':'Allow','Action':'*','Resource':'*','Sid':'a b'} | Sid",
        "S{'Effect':'Allow','Action':'*','Action':'*','Resource':'*'} | JSON",
      })
  void what_is_not_obeyed_is_refused_by_name(String line) {
    String[] parts = line.split(" \\| ", 2);
    String json = parts[0].replace('\'', '"');
    String document =
        json.startsWith("S")
            ? "{\"Version\":\"2012-10-17\",\"Statement\":" + json.substring(1) + "}"
            : json;

    assertThatThrownBy(() -> PolicyReader.read(document))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(parts[1]);
  }

  @Test
  void a_policy_has_a_length_that_it_may_have() {
    String statement = "{'Effect':'Allow','Action':'s3:%s','Resource':'*'}";
    int frame = "{\"Version\":\"2012-10-17\",\"Statement\":[]}".length() + statement.length() - 2;
    String longest = statement.formatted("a".repeat(PolicyReader.CHARS_MAX - frame));

    assertThat(policy("\n   " + longest).statements()).hasSize(1);
    assertThatThrownBy(() -> policy(longest.replace("s3:a", "s3:aa")))
        .hasMessageContaining("6144 characters");
  }

  @Test
  void what_comes_with_the_product_can_be_read() {
    for (String name : Grants.NAMES) {
      assertThat(new Grants(java.util.List.of(name), java.util.Optional.empty()).policies())
          .as(name)
          .hasSize(1);
    }
  }
}
