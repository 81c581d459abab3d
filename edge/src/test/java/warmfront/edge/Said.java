package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Response;

/** A viewer that keeps the response, and is told to have been sent it. */
final class Said implements Reply {
  private @Nullable Response response;
  private @Nullable Consumer<Delivery> whenSent;

  @Override
  public void send(Response whole, Consumer<Delivery> told) {
    assertThat(response).isNull();
    response = whole;
    whenSent = told;
  }

  @Override
  public Executor loop() {
    return Runnable::run;
  }

  @Override
  public boolean gone() {
    return false;
  }

  Response response() {
    return Objects.requireNonNull(response);
  }

  void end(Delivery delivery) {
    Objects.requireNonNull(whenSent).accept(delivery);
  }

  String text() {
    if (!(response().body() instanceof Body.Pinned(Slice slice, int offset, int length))) {
      return "";
    }
    return StandardCharsets.ISO_8859_1.decode(slice.buffer().slice(offset, length)).toString();
  }
}
