package warmfront.edge.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Chain;
import warmfront.bytes.Flow;
import warmfront.bytes.Headed;
import warmfront.bytes.Parts;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Head;
import warmfront.edge.step.Stored;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Fields;

/**
 * Several parts of an object in one body, as multipart/byteranges (RFC 9110, section 14.6). The
 * ranges ascend and do not overlap, so that the body is never much longer than the object.
 *
 * @param head the head of the response
 * @param body the parts, each with a head of its own
 */
record Multipart(Head head, Body body) {
  /**
   * Makes it.
   *
   * @param whole the head of the whole object
   * @param requestId makes the boundary, which must not be in the bytes
   */
  static Multipart of(
      List<ByteRange> ranges, Head whole, String requestId, Stored stored, Gaps gaps) {
    String boundary = boundary(requestId);
    @Nullable String type = whole.fields().value("Content-Type");
    List<Flow> flows = new ArrayList<>(ranges.size() + 1);
    long length = 0;
    for (ByteRange range : ranges) {
      byte[] head = partHead(boundary, type, new ContentRange(range, whole.contentLength()));
      flows.add(new Headed(head, flow(stored.body(range, gaps))));
      length += head.length + range.length();
    }
    byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    flows.add(Flow.of(end));
    Fields fields =
        whole
            .fields()
            .edit()
            .set("Content-Type", "multipart/byteranges; boundary=" + boundary)
            .build();
    return new Multipart(
        new Head(206, fields, length + end.length), new Body.Flowing(new Chain(flows)));
  }

  /** Request ids are random; of their characters those that a boundary may have unquoted. */
  private static String boundary(String requestId) {
    StringBuilder boundary = new StringBuilder("wf");
    requestId
        .chars()
        .filter(c -> c < 0x80 && Character.isLetterOrDigit(c))
        .limit(48)
        .forEach(c -> boundary.append((char) c));
    return boundary.toString();
  }

  private static byte[] partHead(String boundary, @Nullable String type, ContentRange range) {
    String typeLine = type == null ? "" : "Content-Type: " + type + "\r\n";
    return ("\r\n--" + boundary + "\r\n" + typeLine + "Content-Range: " + range + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Flow flow(Body body) {
    return switch (body) {
      case Body.None _ -> Flow.empty();
      case Body.Flowing(Flow flow) -> flow;
      case Body.Pinned(Slice slice, int offset, int length) -> {
        Slice part = slice.part(offset, length);
        slice.release();
        yield new Parts(List.of(part));
      }
    };
  }
}
