package warmfront.edge;

import java.util.function.Consumer;
import warmfront.edge.encryption.Forms;
import warmfront.edge.policy.Dress;
import warmfront.edge.policy.Pages;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;

/**
 * What the origin is asked for one viewer alone: as it came, once fields of its form are encrypted
 * that have to be, or as a call of gRPC. Owned with its exchange, by one thread at a time.
 */
final class Passage {
  private final Rooms rooms;
  private final Sending sending;
  private final Fetching fetching;
  private final Route found;

  Passage(Rooms rooms, Sending sending, Fetching fetching, Route found) {
    this.rooms = rooms;
    this.sending = sending;
    this.fetching = fetching;
    this.found = found;
  }

  /**
   * Asks, and sends what comes of it.
   *
   * @param stamp what is said of the response
   */
  void begin(Request allowed, Stamp stamp) {
    sending.takeBody();
    if (Grpc.isCall(found, allowed)) {
      call(allowed, stamp);
    } else if (Forms.isDue(found, allowed)) {
      rooms
          .forms()
          .encrypt(
              found.encryption().orElseThrow(),
              allowed,
              outcome -> fetching.guard(() -> encrypted(outcome, stamp)));
    } else {
      pass(allowed, stamp, _ -> {});
    }
  }

  private void encrypted(Forms.Outcome outcome, Stamp stamp) {
    switch (outcome) {
      case Forms.Outcome.Ready(Request ready, Encrypted note, Runnable letGo) -> {
        sending.encrypted(note);
        pass(
            ready,
            stamp,
            fetched -> {
              letGo.run();
              if (Answers.isFailure(fetched)) {
                sending.encrypted(note.failed());
              }
            });
      }
      case Forms.Outcome.Refused(Encrypted note, String detail) -> {
        sending.encrypted(note);
        sending.refuse(new Admission.Refused(400, Reason.FORM_REFUSED, detail));
      }
      case Forms.Outcome.NoRoom _ -> sending.overloaded();
    }
  }

  private void pass(Request allowed, Stamp stamp, Consumer<Fetched> alsoTold) {
    OriginRequest ask = ByStandard.hearing(found, rooms.asks().passing(found, allowed), sending);
    fetching.fromOrigin(
        found,
        allowed,
        ask,
        fetched -> {
          alsoTold.accept(fetched);
          if (fetched instanceof Fetched.Answered answered) {
            Writing.heard(rooms, found, allowed, answered);
          }
          sending.send(dressed(allowed, fetched, ByStandard.aged(found, stamp, fetched)));
        });
  }

  /** Request and answer of a call flow at the same time. */
  private void call(Request allowed, Stamp stamp) {
    OriginRequest ask = rooms.asks().passing(found, allowed);
    sending.converse(
        fetching.call(found, ask, fetched -> sending.send(dressed(allowed, fetched, stamp))));
  }

  private Response dressed(Request allowed, Fetched fetched, Stamp stamp) {
    return switch (fetched) {
      case Fetched.Answered answered -> Dress.passed(found, allowed, answered, stamp);
      case Fetched.Failed failed -> Pages.failed(allowed, failed, stamp);
    };
  }
}
