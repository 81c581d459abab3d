package warmfront.edge.step;

import java.util.Optional;
import warmfront.http.ByteRange;

/**
 * Step 10, record: one request as logs and metrics see it.
 *
 * @param request the request; empty if its syntax was not right
 * @param place where it was received
 * @param route the behavior it matched
 * @param requestId its id
 * @param status what was sent; 0 if the viewer left before an answer
 * @param result what it was once the last byte was sent
 * @param responseResult what it was just before sending
 * @param detailedResult as x-edge-detailed-result-type
 * @param contentType of the response; empty if none
 * @param contentLength of the response's body; -1 if not known
 * @param range the part that was sent, if it was one
 * @param delivery how it was sent
 * @param finishedMillis the wall clock's time when it was finished, in milliseconds since 1970
 * @param tookNanos from the request's header to the last byte of the response
 * @param originNanos from asking the origin to its first byte; -1 if it was not asked
 * @param encrypted what field-level encryption made of it; empty if it had no part in it
 */
public record AccessRecord(
    Optional<Request> request,
    Place place,
    Optional<Route> route,
    String requestId,
    int status,
    ResultType result,
    ResultType responseResult,
    String detailedResult,
    String contentType,
    long contentLength,
    Optional<ByteRange> range,
    Delivery delivery,
    long finishedMillis,
    long tookNanos,
    long originNanos,
    Optional<Encrypted> encrypted) {}
