package warmfront.edge;

import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Wishes;
import warmfront.edge.Visitor.Answer;
import warmfront.http.HttpDate;

/** A whole edge before one site whose cache goes by RFC 9111, and its origin. */
final class StandardEdge implements AutoCloseable {
  /** A time in a field, in seconds from now: {@code @-10}. */
  private static final Pattern TIME = Pattern.compile("@([+-]\\d+)");

  /** Stands in fields for what paths begin with. */
  private static final String ROOT = "<root>";

  final LiveEdge live;

  /** What the paths of one test begin with. */
  private String root = "";

  final RawOrigin origin = new RawOrigin();

  StandardEdge(Path folder, EdgeConfig.Storage storage) throws IOException {
    live = new LiveEdge(folder, storage, Visits.FRA);
    live.serving(List.of(policy("P")), behavior("*", "P"));
    live.change(
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                origin("origin.test", origin.port()),
                behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL))
            .withWishes(Wishes.NONE.withStandardCache(true)));
  }

  /** Has paths begin with this from now on, in what this asks and in what the origin is told. */
  StandardEdge below(String other) {
    root = other;
    return this;
  }

  /** Returns a path as it is on the wire. */
  String path(String path) {
    return root + path;
  }

  /** Says what the next request for a path gets: status line and fields, a line each. */
  StandardEdge next(String path, String head, String body) {
    origin.next(root + path, timed(head), body);
    return this;
  }

  /** Says what the next request for a path gets, as it goes over the wire, but for line ends. */
  void raw(String path, String text) {
    origin.raw(root + path, text);
  }

  /** Returns a text with times from now as dates, and what paths begin with for its mark. */
  String timed(String text) {
    return TIME.matcher(text.replace(ROOT, root)).replaceAll(this::date);
  }

  private String date(MatchResult time) {
    return HttpDate.format(live.clock.now().plusSeconds(Long.parseLong(time.group(1))));
  }

  Answer get(String target, String... fields) throws IOException {
    return live.visitor().get(root + target, fields);
  }

  Answer ask(String method, String target, String... fields) throws IOException {
    boolean bodiless = method.equals("HEAD") || method.equals("GET");
    return live.visitor().ask(method, root + target, bodiless ? "" : "x", fields);
  }

  void pass(int seconds) {
    live.clock.advance(Duration.ofSeconds(seconds));
  }

  /** Returns how often the origin was asked for a path. */
  int asked(String path) {
    return asks(path).size();
  }

  /** Returns what the origin was asked of a path. */
  List<RawOrigin.Asked> asks(String path) {
    return origin.asked(root + path);
  }

  @Override
  public void close() {
    live.close();
    origin.close();
  }
}
