package warmfront.edge;

import static warmfront.edge.Visits.request;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import warmfront.bytes.Flow;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.http.Fields;

/** Origins that answer what they were told to answer. */
final class ScriptedAnswers implements Rooms.Origin {
  private final Deque<Fetched> answers = new ArrayDeque<>();
  final List<OriginRequest> asked = new ArrayList<>();
  boolean cancelled;

  void answers(int status, String body) {
    Flow flow =
        new Flow() {
          @Override
          public void next(Receiver receiver) {
            receiver.end();
          }

          @Override
          public void cancel() {
            cancelled = true;
          }
        };
    answers.add(new Fetched.Answered(status, Fields.empty(), flow, body.length(), Duration.ZERO));
  }

  void fails(int status, Reason reason) {
    answers.add(new Fetched.Failed(status, reason, "for the operator"));
  }

  @Override
  public Runnable fetch(OriginRequest request, Consumer<Fetched> then) {
    asked.add(request);
    then.accept(answers.remove());
    return () -> {};
  }
}
