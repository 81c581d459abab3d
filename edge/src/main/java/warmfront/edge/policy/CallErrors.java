package warmfront.edge.policy;

import warmfront.edge.step.Body;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.Head;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.http.Fields;

/** Errors that a call of gRPC gets from the edge, in the words of gRPC. */
public final class CallErrors {
  private CallErrors() {}

  /**
   * Returns the error without a page: the code that its status stands for, and a sentence. The
   * status stays, for the log and for callers who read that first; both say the same.
   *
   * @param why why the edge made it
   */
  public static Response told(Request request, Response error, Reason why) {
    if (request.protocol() != Protocol.HTTP_2) {
      return error; // whoever asks so does not read trailers
    }
    error.body().letGo();
    int status = error.head().status();
    Fields fields =
        error
            .head()
            .fields()
            .edit()
            .set("Content-Type", Grpc.TYPE)
            .addAll(Grpc.ending(Grpc.code(status), Pages.sentence(why)))
            .build();
    return new Response(new Head(status, fields, 0), error.stamp(), new Body.None(), error.close());
  }
}
