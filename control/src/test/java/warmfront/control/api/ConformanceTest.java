package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.PayloadTrait;
import warmfront.control.api.Asks.Ask;
import warmfront.control.api.Asks.Deed;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.acm.Issuers;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Models;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Shape;
import warmfront.control.certificate.SiteCertificates;
import warmfront.control.identity.RootCaller;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/** What the table of facts says, every operation that is there holds to. */
final class ConformanceTest {
  private static final Pattern ERROR =
      Pattern.compile(
          "<\\?xml version=\"1.0\" encoding=\"UTF-8\"\\?>\\s*"
              + "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
              + "<Error><Type>Sender</Type><Code>([A-Za-z]+)</Code><Message>([^<]+)</Message>"
              + "</Error><RequestId>([0-9a-f-]{36})</RequestId></ErrorResponse>");

  @TempDir private static Path folder;
  private static Running running;
  private static Api api;

  /** One has no error for it, and a list by a mode has nothing that could not be there. */
  private static final Set<String> UNMISSED =
      Set.of("ListInvalidations", "ListDistributionsByConnectionMode");

  private static final Facts FACTS = Facts.load();
  private static final Asks ASKS = new Asks(FACTS);

  @BeforeAll
  static void start() {
    running = new Running(folder);
    Site site = new Site(Running.ZONE, Running.ACCOUNT);
    Acm acm =
        new Acm(
            running.store,
            new Acm.Owner(Running.ACCOUNT, Running.ZONE, Resource::id, 10, 10),
            new Issuers(new SiteCertificates(running.authority, Clock.system())),
            _ -> Optional.empty(),
            Clock.system(),
            () -> UUID.randomUUID().toString());
    api =
        new Api(
            running.store,
            site,
            Quotas.DEFAULT,
            Clock.system(),
            new Ids(new Random(9)),
            ObjectReader.NONE,
            acm.managed());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static List<Operation> operations() {
    Set<String> there = running.server.operations();
    return FACTS.operations().stream().filter(one -> there.contains(one.name())).toList();
  }

  /**
   * A member of a request.
   *
   * @param path its path
   * @param top whether it is of the request itself
   */
  private record Target(Operation operation, String path, boolean top) {
    String name() {
      String[] parts = path.split("\\.", -1);
      return parts[parts.length - 1].equals("[]")
          ? parts[parts.length - 2]
          : parts[parts.length - 1];
    }
  }

  /** What is asked of each shape that a request leads to; a shape is looked at once. */
  private interface Look {
    void at(String path, String name, Shape.Member member, boolean top);
  }

  private static void walk(
      Shape.Structure shape, String prefix, Set<String> seen, boolean top, Look look) {
    shape
        .members()
        .forEach((name, member) -> {
          String path = prefix.isEmpty() ? name : prefix + "." + name;
          look.at(path, name, member, top);
          Innermost inner = innermost(path, member.shape());
          if (FACTS.shape(inner.shape()) instanceof Shape.Structure structure
              && seen.add(inner.shape())) {
            walk(structure, inner.path(), seen, false, look);
          }
        });
  }

  /** What is in a member, however many lists are around it. */
  private record Innermost(String path, String shape) {}

  private static Innermost innermost(String path, String shape) {
    return FACTS.shape(shape) instanceof Shape.Items(String element, Shape.Range _)
        ? innermost(path + ".[]", element)
        : new Innermost(path, shape);
  }

  /** Asks behind the signatures and the socket: there are hundreds of questions. */
  private static Api.Answer send(Operation operation, Ask ask) {
    String[] parts = ask.path().split("\\?", 2);
    return api.answer(
        RootCaller.of(running.store),
        new Api.Incoming(
            operation.method(),
            parts[0],
            parts.length == 2 ? parts[1] : "",
            name -> Optional.ofNullable(ask.headers().get(name)),
            SdkBytes.fromUtf8String(ask.body())));
  }

  /** Returns code and message of an error, whose form is checked. */
  private static Matcher error(Api.Answer said, String what) {
    String body = said.content().body().asUtf8String();
    Matcher error = ERROR.matcher(body);
    assertThat(error.matches()).as(what + ": " + body).isTrue();
    assertThat(said.requestId()).as(what).isEqualTo(error.group(3));
    assertThat(said.content().type()).as(what).isEqualTo("text/xml");
    assertThat(said.status()).as(what).isEqualTo(FACTS.status(error.group(1)));
    return error;
  }

  @Test
  void a_member_that_is_required_is_missed_by_name() {
    Set<String> seen = new HashSet<>();
    List<Target> targets = new ArrayList<>();
    for (Operation operation : operations()) {
      walk(
          FACTS.request(operation.name()),
          "",
          seen,
          true,
          (path, name, member, top) -> {
            boolean inPath =
                top
                    && field(operation, name)
                        .map(field -> field.location() == MarshallLocation.PATH)
                        .orElse(true);
            if (member.required() && !inPath && !name.equals("IfMatch")) {
              targets.add(new Target(operation, path, top));
            }
          });
    }

    assertThat(targets).hasSizeGreaterThan(150);
    for (Target target : targets) {
      String what = target.operation().name() + " without " + target.path();
      Api.Answer said =
          send(target.operation(), ASKS.of(target.operation(), target.path(), Deed.LEAVE_OUT));
      Matcher error = error(said, what);
      boolean body =
          target.top()
              && field(target.operation(), target.name())
                  .orElseThrow()
                  .containsTrait(PayloadTrait.class);
      assertThat(error.group(1)).as(what).isEqualTo(body ? "MissingBody" : "InvalidArgument");
      if (!body) {
        assertThat(error.group(2)).as(what).contains(target.name() + " is required");
      }
    }
  }

  @Test
  void a_choice_that_there_is_not_is_refused_by_name() {
    Set<String> seen = new HashSet<>();
    List<Target> targets = new ArrayList<>();
    for (Operation operation : operations()) {
      walk(
          FACTS.request(operation.name()),
          "",
          seen,
          true,
          (path, _, member, top) -> {
            Innermost inner = innermost(path, member.shape());
            if (FACTS.shape(inner.shape()) instanceof Shape.Simple simple
                && !simple.choices().isEmpty()) {
              targets.add(new Target(operation, inner.path(), top));
            }
          });
    }

    assertThat(targets).hasSizeGreaterThan(40);
    for (Target target : targets) {
      String what = target.operation().name() + " with a wrong " + target.path();
      Api.Answer said =
          send(target.operation(), ASKS.of(target.operation(), target.path(), Deed.SET_WRONG));
      Matcher error = error(said, what);
      assertThat(error.group(1)).as(what).isEqualTo("InvalidArgument");
      assertThat(error.group(2)).as(what).contains(target.name()).contains(Asks.WRONG);
    }
  }

  @Test
  void what_is_not_there_is_missed_with_an_error_that_the_operation_has() {
    int tried = 0;
    for (Operation operation : operations()) {
      boolean named = operation.path().contains("{");
      if (!named || operation.root().isPresent() || UNMISSED.contains(operation.name())) {
        continue;
      }
      tried++;
      Api.Answer said = send(operation, ASKS.of(operation, "", Deed.LEAVE_OUT));
      Matcher error = error(said, operation.name());
      assertThat(operation.errors()).as(operation.name()).contains(error.group(1));
      assertThat(said.status()).as(operation.name()).isIn(400, 404);
    }
    assertThat(tried).isGreaterThan(50);
  }

  @Test
  void a_version_that_is_missing_malformed_or_stale_is_told_apart() {
    Map<String, String> made = Resident.all(running);
    int tried = 0;
    for (Operation operation : operations()) {
      String noun = operation.name().replaceFirst("^(Delete|Publish)", "");
      if (!made.containsKey(noun) || noun.equals(operation.name())) {
        continue;
      }
      tried++;
      Ask ask = ASKS.of(operation, "", Deed.LEAVE_OUT);
      String path = ask.path().replace("/x1x", "/" + made.get(noun));
      version(operation, new Ask(path, Map.of(), ask.body()), "InvalidIfMatchVersion");
      version(
          operation, new Ask(path, Map.of("If-Match", "x"), ask.body()), "InvalidIfMatchVersion");
      version(
          operation,
          new Ask(path, Map.of("If-Match", Asks.VERSION), ask.body()),
          "PreconditionFailed");
    }
    assertThat(tried).isGreaterThanOrEqualTo(made.size());
  }

  private static void version(Operation operation, Ask ask, String code) {
    String what = operation.name() + " with " + ask.headers();
    assertThat(error(send(operation, ask), what).group(1)).as(what).isEqualTo(code);
    assertThat(operation.errors()).as(what).contains(code);
  }

  /** Returns a member of a request; empty for one that is newer than the AWS model classes. */
  private static Optional<SdkField<?>> field(Operation operation, String member) {
    return Models.builder(operation.name() + "Request").get().sdkFields().stream()
        .filter(field -> field.memberName().equals(member))
        .findFirst();
  }
}
