package warmfront.app.apply;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import warmfront.app.call.SignedHttp;
import warmfront.control.Control;
import warmfront.time.Clock;

/**
 * Makes what a template describes: prints the plan, carries it out, prints the outputs.
 *
 * @param api CloudFront's API
 * @param s3 where buckets are
 * @param out where to print
 * @param clock the time
 */
public record Applying(SignedHttp api, SignedHttp s3, PrintStream out, Clock clock) {
  /** Names of stacks, as CloudFormation has them. */
  private static final String NAMES = "[A-Za-z][A-Za-z0-9-]{0,127}";

  /**
   * What is asked.
   *
   * @param template the file
   * @param stack the stack's name
   * @param region the region that the template is told
   * @param parameters values by parameter
   * @param isPlanOnly whether nothing is to be changed
   * @param skips whether resources that are not made here are left out, instead of refused
   */
  public record Asked(
      Path template,
      String stack,
      String region,
      Map<String, String> parameters,
      boolean isPlanOnly,
      boolean skips) {}

  /** Returns the name of a stack that has none: its file's, up to the first dot. */
  public static String stackOf(Path template) {
    return String.valueOf(template.getFileName()).split("\\.", 2)[0];
  }

  /**
   * Runs.
   *
   * @param folder where the files of stacks are; made if it is not there
   * @throws ApplyException if the template is wrong, or something could not be done
   */
  public void run(Asked asked, Path folder) throws ApplyException, InterruptedException {
    if (!asked.stack().matches(NAMES)) {
      throw new ApplyException(
          "'%s' is no name of a stack: letters, digits and dashes; say --stack NAME"
              .formatted(asked.stack()));
    }
    Template template = Template.of(TemplateReader.read(asked.template()));
    Evaluation evaluation =
        new Evaluation(
            template, Inputs.of(template.parameters(), asked.parameters()), pseudo(asked));
    Makers makers =
        Makers.of(new ApiCalls(api), new S3Calls(s3), asked.stack(), asked.region(), clock);
    Selected selected = Selected.of(template, evaluation, makers, asked.skips());
    try (StackFile file = StackFile.open(folder, asked.stack())) {
      Stack stack = new Stack(asked.stack(), selected, evaluation, makers, file, out);
      Stack.Plan plan = stack.plan();
      out.printf("stack %s%n", asked.stack());
      template.notes().forEach(this::note);
      selected.notes().forEach(this::note);
      plan.notes().forEach(this::note);
      if (plan.isEmpty()) {
        out.println("nothing changes");
      } else {
        stack.print(plan);
      }
      if (!asked.isPlanOnly()) {
        stack.carryOut();
        outputs(template, evaluation, stack);
      }
    }
  }

  private void note(String note) {
    out.println("  ! " + note);
  }

  /** CloudFormation, template reference, pseudo parameters. */
  private static Map<String, String> pseudo(Asked asked) {
    UUID unique = UUID.nameUUIDFromBytes(asked.stack().getBytes(StandardCharsets.UTF_8));
    return Map.of(
        "AWS::AccountId",
        Control.ACCOUNT,
        "AWS::Partition",
        "aws",
        "AWS::Region",
        asked.region(),
        "AWS::StackId",
        "arn:aws:cloudformation:%s:%s:stack/%s/%s"
            .formatted(asked.region(), Control.ACCOUNT, asked.stack(), unique),
        "AWS::StackName",
        asked.stack(),
        "AWS::URLSuffix",
        "amazonaws.com");
  }

  private void outputs(Template template, Evaluation evaluation, Stack stack)
      throws ApplyException {
    for (Map.Entry<String, Value.Fields> one : template.outputs().entrySet()) {
      String path = "Outputs." + one.getKey();
      Optional<Value> condition = one.getValue().field("Condition");
      if (condition.isPresent() && !evaluation.holds(condition.get().text(path))) {
        continue;
      }
      Value value =
          one.getValue()
              .field("Value")
              .orElseThrow(() -> new ApplyException(path + " has no Value"));
      try {
        out.printf(
            "%s = %s%n",
            one.getKey(),
            evaluation.evaluate(value, stack.references(), path).map(Value::plain).orElse(""));
      } catch (ApplyException e) {
        out.printf("%s is not known: %s%n", one.getKey(), e.getMessage());
      }
    }
  }
}
