package warmfront.app.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which resources of a template are made, and in which order. */
final class SelectedTest {
  private static Selected select(String text, boolean skips) throws ApplyException {
    Template template = Template.of(TemplateReader.read(text));
    Evaluation evaluation =
        new Evaluation(template, Inputs.of(template.parameters(), Map.of()), Map.of());
    Makers makers = new Makers(Map.of("Known", new Workshop()));
    return Selected.of(template, evaluation, makers, skips);
  }

  @Test
  void what_is_referred_to_comes_first() throws ApplyException {
    String text =
        """
        Resources:
          A: {Type: Known, Properties: {x: !Ref C}}
          B: {Type: Known, DependsOn: [D]}
          C: {Type: Known, DependsOn: B}
          D: {Type: Known}
        """;

    assertThat(select(text, false).resources().keySet()).containsExactly("D", "B", "C", "A");
  }

  @Test
  void a_resource_whose_condition_does_not_hold_is_not_there() throws ApplyException {
    String text =
        """
        Conditions: {Never: !Equals [a, b], Always: !Equals [a, a]}
        Resources:
          A: {Type: Known, Condition: Never}
          B: {Type: Other, Condition: Never}
          C: {Type: Known, Condition: Always, DependsOn: A}
        """;

    assertThat(select(text, false).resources().keySet()).containsExactly("C");
    assertThatThrownBy(() -> select(text + "  D: {Type: Known, Properties: {x: !Ref A}}\n", false))
        .hasMessageContaining("D refers to A, which is not made");
  }

  @Test
  void types_that_are_not_made_here_are_listed_and_refused() {
    String text =
        """
        Resources:
          A: {Type: 'AWS::Lambda::Function'}
          B: {Type: Known}
          C: {Type: 'Custom::Deployment'}
        """;

    assertThatThrownBy(() -> select(text, false))
        .hasMessageContaining("A (AWS::Lambda::Function)")
        .hasMessageContaining("C (Custom::Deployment)")
        .hasMessageContaining("--skip-unsupported");
  }

  @Test
  void what_is_left_out_takes_with_it_what_refers_to_it_but_not_what_depends_on_it()
      throws ApplyException {
    String text =
        """
        Resources:
          Role: {Type: 'AWS::IAM::Role'}
          Policy: {Type: Known, Properties: {x: !GetAtt Role.Arn}}
          Further: {Type: Known, Properties: {x: !Ref Policy}}
          After: {Type: Known, DependsOn: [Role, Policy]}
          CDKMetadata: {Type: 'AWS::CDK::Metadata'}
        """;

    Selected selected = select(text, true);

    assertThat(selected.resources().keySet()).containsExactly("After");
    assertThat(selected.skipped()).containsExactly("Role", "Policy", "Further");
    assertThat(selected.notes())
        .containsExactly(
            "CDKMetadata (AWS::CDK::Metadata) is left out",
            "Role (AWS::IAM::Role) is left out: such resources are not made here",
            "Policy is left out: it refers to Role",
            "Further is left out: it refers to Policy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {A: {Type: Known, Properties: {x: !Ref B}}, B: {Type: Known, DependsOn: A}} | circle: A -> B -> A
          {A: {Type: Known, DependsOn: A}}                        | circle: A -> A
          {A: {Type: Known, Properties: {x: !Ref B}}}             | A refers to B: there is no such parameter or resource
          {A: {Type: Known, DependsOn: B}}                        | A depends on B: there is no such resource
          {A: {Properties: {}}}                                   | Resources.A has no Type
          {A: {Type: Known, Propertys: {}}}                       | Resources.A: a resource has no Propertys
          {A: {Type: Known, DeletionPolicy: Keep}}                | Resources.A.DeletionPolicy is Keep
          {A-B: {Type: Known}}                                    | Resources.A-B: a resource's name has letters and digits alone
          """)
  void what_cannot_be_is_named(String resources, String message) {
    assertThatThrownBy(() -> select("Resources: " + resources, false))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_template_says_what_of_it_has_no_effect() throws ApplyException {
    Template template =
        Template.of(
            TemplateReader.read(
                """
                Transform: [AWS::Serverless-2016-10-31]
                Globals: {Function: {Timeout: 3}}
                Rules: {Check: {Assertions: []}}
                Resources: {}
                Outputs: {X: {Value: y, Export: {Name: z}}}
                """));

    assertThat(template.notes())
        .containsExactly(
            "Rules.Check is not checked",
            "Transform AWS::Serverless-2016-10-31 is not run",
            "Globals have no effect: they are of AWS::Serverless resources",
            "Outputs.X.Export has no effect here");
    assertThatThrownBy(() -> Template.of(TemplateReader.read("Transform: Mine\nResources: {}")))
        .hasMessageContaining("Mine is not known here");
    assertThatThrownBy(() -> Template.of(TemplateReader.read("Resource: {}")))
        .hasMessageContaining("no section Resource");
    assertThatThrownBy(() -> Template.of(TemplateReader.read("Description: x")))
        .hasMessageContaining("no section Resources");
  }
}
