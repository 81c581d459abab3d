package warmfront.edge;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Remedies;
import warmfront.edge.policy.CallErrors;
import warmfront.edge.policy.Dress;
import warmfront.edge.policy.ErrorPages;
import warmfront.edge.policy.Finish;
import warmfront.edge.policy.Pages;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;

/**
 * Steps 9 and 10 of one exchange: the response is finished, or a page is fetched in its place, and
 * sent once; then it is recorded.
 */
final class Sending implements Consumer<Delivery> {
  private final Rooms rooms;
  private final Request request;
  private final Reply reply;

  private @Nullable Route route;
  private @Nullable Reason reason;
  private @Nullable Fetching fetching;
  private @Nullable Response response;

  /** The request as it was admitted. */
  private Request wanted;

  /** Whether a viewer gets it, and not one who goes on with it by itself. */
  private boolean toViewer = true;

  /** The Set-Cookie that keeps the viewer with the configuration that it got. */
  private @Nullable String session;

  /** Who wants the response explained; null for nobody, who is the most frequent. */
  private @Nullable Consumer<String> explained;

  private boolean bodyIsTaken;

  /** What field-level encryption made of the request. */
  private @Nullable Encrypted encrypted;

  /** Where the piece of a presentation lies that was asked for. */
  private Presentation.Place.@Nullable There cut;

  /** Whether a page in the place of an error was asked for. */
  private boolean substituted;

  /** The exchange of that page. */
  private @Nullable Consumer<Delivery> alsoTold;

  Sending(Rooms rooms, Request request, Reply reply) {
    this.rooms = rooms;
    this.request = request;
    this.wanted = request;
    this.reply = reply;
  }

  /** Says that what is asked for goes to another server or module as it is. */
  void toOther() {
    toViewer = false;
  }

  /** Says which behavior the request matched. */
  void of(Route found) {
    route = found;
  }

  /** Says what the request is since it was admitted. */
  void wanted(Request allowed) {
    wanted = allowed;
  }

  /** Says what keeps the viewer with the configuration that it got; null for nothing. */
  void inSession(@Nullable String cookie) {
    session = cookie;
  }

  /** Says who wants the response explained, whatever its distribution says. */
  void explain(Consumer<String> told) {
    explained = told;
  }

  /** Says why the response is not what the origin would have said. */
  void because(Reason why) {
    reason = why;
  }

  /** Says what knows how origins were asked. */
  void with(Fetching asking) {
    fetching = asking;
  }

  /** Says that somebody reads the request's body. */
  void takeBody() {
    bodyIsTaken = true;
  }

  /** Says that request and response are a conversation, and what is to be done if it is left. */
  void converse(Runnable left) {
    reply.converse(left);
  }

  /** Says what field-level encryption made of the request. */
  void encrypted(Encrypted note) {
    encrypted = note;
  }

  /** Says where the piece of a presentation lies that was asked for. */
  void cut(Presentation.Place.There place) {
    cut = place;
  }

  /** Passes on what the origin says before it answers, if a viewer gets what it says. */
  void interim(Head head) {
    if (toViewer) {
      reply.interim(head);
    }
  }

  /** Returns whether there is a response already. */
  boolean isBegun() {
    return response != null;
  }

  /** Answers that the request is refused. */
  void refuse(Admission.Refused refused) {
    because(refused.reason());
    rooms.recorder().refusing(refused.reason());
    send(Pages.refused(request, refused));
  }

  /** Answers that there is no room for the request. */
  void overloaded() {
    because(Reason.OVERLOADED);
    send(Pages.overloaded(request));
  }

  /** Step 9, unless an error has a page in its place, which is to be had first. */
  void send(Response answer) {
    Response dressed = cut == null ? answer : cut.piece(answer, reply.loop());
    @Nullable Route found = route;
    if (found != null && Grpc.isCall(found, request)) {
      @Nullable Reason why = fetching == null ? reason : fetching.facts(reason).reason();
      sendLast(found, why == null ? dressed : CallErrors.told(request, dressed, why), null);
      return;
    }
    if (found != null && ErrorPages.isError(dressed) && toViewer && !substituted) {
      Optional<Remedies.Page> page = ErrorPages.instead(found, dressed, reason);
      Optional<Route> of = page.flatMap(one -> rooms.sites().get().within(found, one.path()));
      if (of.isPresent()) {
        substituted = true;
        Substitution.begin(
            rooms, wanted, dressed, page.orElseThrow(), of.get(), reply, this::sendLast);
        return;
      }
    }
    sendLast(found, dressed, null);
  }

  /** The body of a request that nobody took is not wanted. */
  private void sendLast(@Nullable Route of, Response dressed, @Nullable Consumer<Delivery> other) {
    if (response != null) {
      dressed.body().letGo(); // a bug was answered before the page came
      return;
    }
    Response kept = session == null ? dressed : Dress.with(dressed, "Set-Cookie", session);
    Response whole = of == null ? kept : finished(of, kept);
    response = whole;
    if (request.hasBody() && !bodyIsTaken) {
      request.body().cancel();
    }
    alsoTold = other;
    reply.send(whole, this);
  }

  private Response finished(Route of, Response dressed) {
    @Nullable Route matched = route;
    if (matched == null || !toViewer) {
      return dressed;
    }
    @Nullable Consumer<String> told = explained;
    if (told != null) {
      told.accept(Finish.explanation(wanted, dressed, facts(matched)));
    }
    return Finish.isPlain(of) ? dressed : Finish.finished(of, wanted, dressed, facts(matched));
  }

  private Finish.Facts facts(Route matched) {
    long now = rooms.clock().nanos();
    return fetching == null
        ? new Finish.Facts(matched, reason, -1, Approach.NONE, now)
        : new Finish.Facts(
            matched, reason, fetching.facts(reason).originNanos(), fetching.approach(), now);
  }

  /** Step 10, when the response is sent or broke off, on the viewer's loop. */
  @Override
  public void accept(Delivery delivery) {
    if (alsoTold != null) {
      alsoTold.accept(delivery);
    }
    if (response != null) {
      Recorder.Facts facts =
          fetching == null ? new Recorder.Facts(reason, -1, false) : fetching.facts(reason);
      Recorder.Facts all = encrypted == null ? facts : facts.with(encrypted);
      rooms.recorder().finished(request, route, response, all, delivery);
    }
  }
}
