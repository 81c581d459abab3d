package warmfront.app.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What functions of templates come to. */
final class EvaluationTest {
  private static final String TEMPLATE =
      """
      Parameters:
        Stage: {Type: String, Default: dev}
        Names: {Type: CommaDelimitedList, Default: "a, b"}
        Looked: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /some/where}
      Mappings:
        Ttl: {dev: {Seconds: 60, Zones: [x, y]}}
      Conditions:
        IsDev: !Equals [!Ref Stage, dev]
        IsProd: !Not [!Condition IsDev]
        Both: !And [!Condition IsDev, !Condition IsProd]
        One: !Or [!Condition IsDev, !Condition IsProd]
        InRegion: !Equals [!Ref AWS::Region, eu-west-1]
        Round: !Not [!Condition Round]
        Wrong: !Equals [!Ref Bucket, x]
      Resources:
        Bucket: {Type: 'AWS::S3::Bucket'}
      """;

  /** A bucket that is there. */
  private static final References THERE =
      new References() {
        @Override
        public String reference(String resource, String path) throws ApplyException {
          return attribute(resource, "Ref", path);
        }

        @Override
        public String attribute(String resource, String name, String path) throws ApplyException {
          if (!resource.equals("Bucket")) {
            throw new ApplyException(path + ": there is no resource " + resource);
          }
          return resource + "'s " + name;
        }
      };

  private static Evaluation evaluation() throws ApplyException {
    Template template = Template.of(TemplateReader.read(TEMPLATE));
    return new Evaluation(
        template,
        Inputs.of(template.parameters(), Map.of()),
        Map.of("AWS::Region", "eu-west-1", "AWS::AccountId", "000000000000"));
  }

  private static Object evaluated(String yaml) throws ApplyException {
    Value value = TemplateReader.read("x: " + yaml.replace("\\n", "\n")).field("x").orElseThrow();
    return evaluation().evaluate(value, THERE, "x").map(Value::plain).orElse("nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          !Ref Stage                                    | dev
          !Ref Names                                    | [a, b]
          !Ref AWS::Region                              | eu-west-1
          !Ref AWS::NoValue                             | nothing
          !Ref Bucket                                   | Bucket's Ref
          !GetAtt Bucket.Arn                            | Bucket's Arn
          {"Fn::GetAtt": [Bucket, A.B]}                 | Bucket's A.B
          !Sub '${Stage}-${Bucket}-${Bucket.Arn}'       | dev-Bucket's Ref-Bucket's Arn
          !Sub '${!Stage} ${AWS::Region}'               | ${Stage} eu-west-1
          !Sub ['${a}$1${Stage}', {a: !Ref Bucket}]     | Bucket's Ref$1dev
          !Join ['-', [a, !Ref Stage]]                  | a-dev
          !Join [',', !Ref Names]                       | a,b
          !Select [1, !Ref Names]                       | b
          !Select ['2', !Split ['/', 'https://host/x']] | host
          !Split ['.', 'a.b.']                          | [a, b, ]
          !FindInMap [Ttl, !Ref Stage, Seconds]         | 60
          !FindInMap [Ttl, dev, Zones]                  | [x, y]
          !Base64 hé                                    | aMOp
          !If [IsDev, small, large]                     | small
          !If [IsProd, small, !Ref AWS::NoValue]        | nothing
          !If [Both, a, !If [One, b, c]]                | b
          !If [InRegion, a, b]                          | a
          [a, !If [IsProd, b, !Ref AWS::NoValue]]       | [a]
          {k: !Ref AWS::NoValue, l: !Ref Stage}         | {l=dev}
          {Condition: {Bool: {x: true}}, Effect: Deny}  | {Condition={Bool={x=true}}, Effect=Deny}
          """)
  void a_function_comes_to(String yaml, String expected) throws ApplyException {
    assertThat(String.valueOf(evaluated(yaml))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          !Ref Nobody                 | x: there is no resource Nobody
          !Ref Looked                 | x: the parameter Looked is looked up elsewhere; give its value by --parameter
          !Ref AWS::NotificationARNs  | x: AWS::NotificationARNs has no value here
          !ImportValue other          | x: Fn::ImportValue is not done here
          !GetAZs ''                  | x: Fn::GetAZs is not done here
          {"Fn::ToJsonString": [a]}   | x: Fn::ToJsonString is not done here
          !Select [2, !Ref Names]     | x: there is no item 2 of 2
          !FindInMap [Ttl, prod, a]   | x: the mapping has no prod
          !If [Nowhere, a, b]         | there is no condition Nowhere
          !If [Round, a, b]           | the condition Round depends on itself
          !If [Wrong, a, b]           | a condition knows no resources
          !If [IsDev, a]              | x: Fn::If wants 3 values
          !GetAtt Bucket              | x: Fn::GetAtt wants a resource and an attribute
          !Join ['-', a]              | x is the text 'a' where a list is wanted
          [a, {b: !Join [[], []]}]    | x[1].b is a list where a text is wanted
          """)
  void what_cannot_be_evaluated_is_named_with_its_place(String yaml, String message) {
    assertThatThrownBy(() -> evaluated(yaml))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void references_are_found_in_the_branches_that_are_taken() throws ApplyException {
    Value value =
        TemplateReader.read(
            """
            a: !If [IsDev, !Ref One, !Ref Two]
            b: [!GetAtt Three.Arn, !Sub '${Four}/${Five.Id}/${Stage}/${!No}/${AWS::Region}']
            c: !Join ['', [!Sub ['${x}${Six}', {x: !Ref Seven}]]]
            """);

    assertThat(evaluation().references(value, "x"))
        .isEqualTo(Set.of("One", "Three", "Four", "Five", "Six", "Seven"));
  }

  @Test
  void given_values_come_before_defaults_and_are_checked() throws ApplyException {
    Map<String, Value.Fields> declared =
        Template.of(
                TemplateReader.read(
                    """
                    Parameters:
                      Size: {Type: Number, MinValue: 1, MaxValue: 10, Default: 5}
                      Name: {Type: String, AllowedPattern: '[a-z]+', MaxLength: 4, Default: ab}
                      Kind: {Type: String, AllowedValues: [x, y], Default: x}
                      Word: {Type: String, NoEcho: true, MinLength: 8, Default: long-enough}
                    Resources: {}
                    """))
            .parameters();

    assertThat(Inputs.of(declared, Map.of("Size", "7")))
        .containsEntry("Size", new Value.Text("7"))
        .containsEntry("Name", new Value.Text("ab"));
    for (Map.Entry<String, String> wrong :
        Map.of("Size", "11", "Name", "Ab", "Kind", "z").entrySet()) {
      assertThatThrownBy(() -> Inputs.of(declared, Map.of(wrong.getKey(), wrong.getValue())))
          .hasMessageContaining("Parameters." + wrong.getKey())
          .hasMessageContaining("'" + wrong.getValue() + "'");
    }
    assertThatThrownBy(() -> Inputs.of(declared, Map.of("Size", "many")))
        .hasMessageContaining("no number");
    assertThatThrownBy(() -> Inputs.of(declared, Map.of("Word", "s3cret")))
        .hasMessageContaining("(not shown)")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> Inputs.of(declared, Map.of("Other", "a")))
        .hasMessageContaining("no parameter Other; it has [Kind, Name, Size, Word]");
  }

  @Test
  void values_that_nobody_gave_are_missed_together() {
    String text = "Parameters: {A: {Type: String}, B: {Type: Number}}\nResources: {}";

    assertThatThrownBy(
            () -> Inputs.of(Template.of(TemplateReader.read(text)).parameters(), Map.of()))
        .hasMessageContaining("no value for A, B");
  }

  @Test
  void nothing_is_evaluated_to_nothing_anywhere() throws ApplyException {
    assertThat(evaluation().evaluate(new Value.Items(List.of()), THERE, "x"))
        .isEqualTo(Optional.of(new Value.Items(List.of())));
  }
}
