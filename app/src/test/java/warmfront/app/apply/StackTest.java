package warmfront.app.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with a stack, run after run. */
final class StackTest {
  private static final String TWO =
      """
      Resources:
        A: {Type: 'Known::Thing', Properties: {Fixed: one, Color: red}}
        B: {Type: 'Known::Thing', Properties: {Of: !Ref A, Size: !GetAtt A.Size}}
      """;

  @TempDir private Path folder;

  private final Workshop workshop = new Workshop();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Stack.Plan run(String text, boolean isPlanOnly) throws Exception {
    Template template = Template.of(TemplateReader.read(text));
    Evaluation evaluation =
        new Evaluation(template, Inputs.of(template.parameters(), Map.of()), Map.of());
    Makers makers = new Makers(Map.of(Workshop.TYPE, workshop, "Known::Other", workshop));
    Selected selected = Selected.of(template, evaluation, makers, true);
    try (StackFile file = StackFile.open(folder, "stack");
        PrintStream out = new PrintStream(said, true, UTF_8)) {
      Stack stack = new Stack("stack", selected, evaluation, makers, file, out);
      Stack.Plan plan = stack.plan();
      stack.print(plan);
      if (!isPlanOnly) {
        stack.carryOut();
      }
      return plan;
    }
  }

  private String said() {
    String text = said.toString(UTF_8);
    said.reset();
    return text;
  }

  @Test
  void a_plan_says_what_would_be_done_and_does_nothing() throws Exception {
    run(TWO, true);

    assertThat(workshop.acts()).isEmpty();
    assertThat(said()).isEqualTo("  + A  Known::Thing\n  + B  Known::Thing\n");
  }

  @Test
  void the_second_run_of_a_template_changes_nothing() throws Exception {
    run(TWO, false);
    assertThat(workshop.acts()).containsExactly("create A id-1", "create B id-2");
    assertThat(workshop.there().get("id-2")).isEqualTo(Map.of("Of", "id-1", "Size", "2"));

    assertThat(run(TWO, false).isEmpty()).isTrue();
    assertThat(workshop.acts()).isEmpty();
  }

  @Test
  void what_a_template_says_otherwise_or_no_longer_is_changed_and_named() throws Exception {
    run(TWO, false);
    said();
    workshop.acts();

    run(TWO.replace("Color: red", "Colour: red"), false);

    assertThat(workshop.acts()).containsExactly("update id-1 [Color, Colour]");
    assertThat(said()).startsWith("  ~ A  Known::Thing\n      Color\n      Colour\n");
  }

  @Test
  void what_cannot_be_changed_is_replaced_and_removed_when_nobody_needs_it() throws Exception {
    run(TWO, false);
    workshop.acts();
    said();

    run(TWO.replace("one", "two"), false);

    assertThat(workshop.acts()).containsExactly("create A id-3", "update id-2 [Of]", "delete id-1");
    assertThat(said())
        .startsWith(
            "  ± A  Known::Thing\n      Fixed\n  ~ B  Known::Thing\n      Of\n      Size\n");
    run(TWO.replace("one", "two"), false);
    assertThat(workshop.acts()).isEmpty();
  }

  @Test
  void a_resource_of_another_type_takes_the_place_of_its_namesake() throws Exception {
    run("Resources: {A: {Type: 'Known::Thing'}}", false);
    run("Resources: {A: {Type: 'Known::Other'}}", false);

    assertThat(workshop.acts()).containsExactly("create A id-1", "create A id-2", "delete id-1");
  }

  @Test
  void what_left_the_template_is_removed_the_last_one_first() throws Exception {
    run(TWO, false);
    workshop.acts();
    said();

    run("Resources: {}", false);

    assertThat(workshop.acts()).containsExactly("delete id-2", "delete id-1");
    assertThat(said()).startsWith("  - B  Known::Thing id-2\n  - A  Known::Thing id-1\n");
    assertThat(run("Resources: {}", false).isEmpty()).isTrue();
  }

  @Test
  void what_is_in_the_way_of_another_is_removed_before_it_in_whichever_order_they_came()
      throws Exception {
    String first = "Resources:\n  A: {Type: 'Known::Thing'}\n";
    run(first, false);
    run(
        "Resources:\n  B: {Type: 'Known::Thing'}\n  A: {Type: 'Known::Thing', Properties: {Of: !Ref B}}\n",
        false);
    workshop.acts();

    run("Resources: {}", false);

    assertThat(workshop.acts()).containsExactly("delete id-1", "delete id-2");
  }

  @Test
  void what_is_used_by_others_is_not_removed_and_the_next_run_tries_again() throws Exception {
    run("Resources: {A: {Type: 'Known::Thing'}}", false);
    workshop.there().put("foreign", Map.of("Of", "id-1"));

    assertThatThrownBy(() -> run("Resources: {}", false))
        .hasMessageContaining("id-1 is used by foreign")
        .hasMessageContaining("not removed: A; run it again to go on");

    workshop.there().remove("foreign");
    run("Resources: {}", false);
    assertThat(workshop.there()).isEmpty();
  }

  @Test
  void what_is_to_be_retained_stays_and_is_forgotten() throws Exception {
    String text =
        """
        Resources:
          A: {Type: 'Known::Thing', DeletionPolicy: Retain, Properties: {Fixed: one}}
          B: {Type: 'Known::Thing', UpdateReplacePolicy: Retain, Properties: {Fixed: one}}
        """;
    run(text, false);
    run(text.replace("one", "two"), false);
    assertThat(workshop.there().keySet()).containsExactly("id-2", "id-3", "id-4");

    run("Resources: {}", false);

    assertThat(workshop.there().keySet()).containsExactly("id-2", "id-3");
    assertThat(said()).contains("kept A  id-3").contains("deleted B  id-4");
  }

  @Test
  void a_run_that_fails_says_what_is_left_and_the_next_one_goes_on() throws Exception {
    workshop.refuse("B", true);
    assertThatThrownBy(() -> run(TWO + "  C: {Type: 'Known::Thing'}\n", false))
        .hasMessage("B: refused\nnot done: B, C; run it again to go on");

    workshop.refuse("B", false);
    workshop.acts();
    run(TWO + "  C: {Type: 'Known::Thing'}\n", false);

    assertThat(workshop.acts()).containsExactly("create B id-2", "create C id-3");
  }

  @Test
  void what_was_made_by_a_call_without_an_answer_is_found_again() throws Exception {
    workshop.fallSilent(true);
    assertThatThrownBy(() -> run(TWO, false)).hasMessageContaining("A: no answer");
    workshop.fallSilent(false);
    workshop.acts();

    run(TWO.replace("red", "blue"), false);

    assertThat(workshop.acts()).containsExactly("update id-1 [Color, Fixed]", "create B id-2");
    assertThat(run(TWO.replace("red", "blue"), false).isEmpty()).isTrue();
  }

  @Test
  void what_somebody_else_changed_is_put_right() throws Exception {
    run(TWO, false);
    workshop.change("id-1", "Color", "blue");
    workshop.change("id-2", "Further", "more");
    workshop.acts();

    run(TWO, false);

    assertThat(workshop.acts()).containsExactly("update id-1 [Color]");
    assertThat(run(TWO, false).isEmpty()).isTrue();
  }

  @Test
  void what_somebody_else_removed_is_made_again() throws Exception {
    run(TWO, false);
    workshop.there().remove("id-1");
    workshop.acts();

    run(TWO, false);

    assertThat(workshop.acts()).containsExactly("create A id-3", "update id-2 [Of]");
  }

  @Test
  void what_is_left_out_now_is_not_removed() throws Exception {
    run(TWO, false);
    workshop.acts();

    run(TWO.replace("red", "!Ref C") + "  C: {Type: 'AWS::Lambda::Function'}\n", false);

    assertThat(workshop.acts()).isEmpty();
    assertThat(workshop.there().keySet()).containsExactly("id-1", "id-2");
  }

  @Test
  void an_attribute_that_no_such_resource_has_is_missed_before_anything_is_made() {
    assertThatThrownBy(() -> run(TWO.replace("A.Size", "A.Weight"), false))
        .hasMessageContaining("B.Properties.Size: Known::Thing has no attribute Weight here")
        .hasMessageContaining("[Size]");
    assertThat(workshop.acts()).isEmpty();
  }

  @Test
  void a_stack_is_worked_on_by_one_at_a_time() throws Exception {
    try (StackFile _ = StackFile.open(folder, "stack")) {
      assertThatThrownBy(() -> run(TWO, false)).hasMessageContaining("another process is at work");
    }
    run(TWO, false);
  }

  @Test
  void the_file_of_a_stack_is_its_owners_and_tells_no_values() throws Exception {
    run(TWO, false);

    Path file = folder.resolve("stack.json");
    assertThat(Files.readString(file)).contains("\"Color\"").doesNotContain("red");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_file_that_is_no_stacks_is_not_written_over() throws Exception {
    Path file = folder.resolve("stack.json");
    for (String text :
        new String[] {"{}", "[", "{\"format\":2,\"resources\":[],\"making\":[],\"leaving\":[]}"}) {
      Files.writeString(file, text);

      assertThatThrownBy(() -> run(TWO, false))
          .isInstanceOf(ApplyException.class)
          .hasMessageContaining("stack.json");
      assertThat(Files.readString(file)).isEqualTo(text);
    }
  }
}
