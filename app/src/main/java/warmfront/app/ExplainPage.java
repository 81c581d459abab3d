package warmfront.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import warmfront.app.operator.OperatorServer.Answer;
import warmfront.edge.Inspection;
import warmfront.http.Fields;

/**
 * The operator's {@code /explain?url=URL}: how an edge would answer a viewer who asks for that, and
 * why. {@code header} has further lines of the request, {@code viewer} its address, {@code
 * location} the code of the location that is asked.
 */
final class ExplainPage {
  /** Longer than origins are waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(200);

  private final BiFunction<
          Inspection.Question, Optional<String>, CompletableFuture<Inspection.Found>>
      edge;

  ExplainPage(
      BiFunction<Inspection.Question, Optional<String>, CompletableFuture<Inspection.Found>> edge) {
    this.edge = edge;
  }

  /**
   * Answers.
   *
   * @throws IllegalArgumentException if a parameter is not right, naming it
   */
  Answer answer(Map<String, String> query) {
    Inspection.Question question =
        new Inspection.Question(
            URI.create(query.getOrDefault("url", "")),
            fields(query.getOrDefault("header", "")),
            viewer(query.getOrDefault("viewer", "0.0.0.0")));
    Optional<String> location = Optional.ofNullable(query.get("location"));
    try {
      Inspection.Found found =
          edge.apply(question, location).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return Answer.shown(query, shown(found));
    } catch (TimeoutException e) {
      return Answer.text(504, "no answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an inspection ends with what was found", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.text(503, "the process ends");
    }
  }

  private static Fields fields(String lines) {
    Fields.Builder fields = Fields.builder();
    lines
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon < 1) {
            throw new IllegalArgumentException("header is NAME: VALUE, not " + line);
          }
          fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        });
    return fields.build();
  }

  private static InetSocketAddress viewer(String address) {
    try {
      return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("viewer is an IP address, not " + address);
    }
  }

  private static Map<String, Object> shown(Inspection.Found found) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("status", found.status());
    shown.put("result", found.result());
    if (found.ageSeconds() >= 0) {
      shown.put("ageSeconds", found.ageSeconds());
    }
    if (!found.cacheStatus().isEmpty()) {
      shown.put("cacheStatus", found.cacheStatus());
    }
    shown.put(
        "explanation",
        found.explanation().isEmpty() ? "no distribution has this host" : found.explanation());
    return shown;
  }
}
