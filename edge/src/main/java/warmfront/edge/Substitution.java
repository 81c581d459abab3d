package warmfront.edge;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import warmfront.distribution.Remedies;
import warmfront.edge.policy.ErrorPages;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Route;

/**
 * Fetches a page in the place of an error, by an exchange of its own that nobody records, and gives
 * it to the exchange that failed.
 */
final class Substitution implements Reply {
  /** Where the page goes. */
  interface Taker {
    /**
     * Takes what the viewer is to be sent, on whatever thread it comes.
     *
     * @param of the behavior of the page
     * @param told is told how it was sent
     */
    void take(Route of, Response response, Consumer<Delivery> told);
  }

  private final Response error;
  private final Remedies.Page page;
  private final Route of;
  private final Reply viewer;
  private final Taker taker;

  private Substitution(Response error, Remedies.Page page, Route of, Reply viewer, Taker taker) {
    this.error = error;
    this.page = page;
    this.of = of;
    this.viewer = viewer;
    this.taker = taker;
  }

  /**
   * Asks for the page, and lets go of the error's body.
   *
   * @param failed the request that failed, as it was admitted
   * @param found the behavior of the page
   */
  static void begin(
      Rooms rooms,
      Request failed,
      Response error,
      Remedies.Page page,
      Route found,
      Reply viewer,
      Taker taker) {
    error.body().letGo();
    Request request = ErrorPages.request(found, failed, page, rooms.atlas());
    new Exchange(rooms.forReaders(), request, new Substitution(error, page, found, viewer, taker))
        .forPage(found);
  }

  @Override
  public void send(Response found, Consumer<Delivery> whenSent) {
    taker.take(of, ErrorPages.response(error, page, found), whenSent);
  }

  @Override
  public Executor loop() {
    return viewer.loop();
  }

  @Override
  public boolean gone() {
    return viewer.gone();
  }
}
