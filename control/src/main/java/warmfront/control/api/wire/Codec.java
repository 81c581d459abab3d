package warmfront.control.api.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.PayloadTrait;

/** Between HTTP messages and model objects, for every operation. Thread-safe. */
public final class Codec {
  private static final String XML = "text/xml";

  private final XmlLimits limits;

  /**
   * What a request brings.
   *
   * @param operation which operation it asks for
   * @param labels the path's labels, decoded
   * @param query the query's parameters, decoded
   * @param header gives a header's value
   * @param body the body's bytes
   */
  public record Incoming(
      Operation operation,
      Map<String, String> labels,
      Map<String, String> query,
      Function<String, Optional<String>> header,
      SdkBytes body) {}

  /**
   * What a response is made of.
   *
   * @param headers its own headers
   * @param type the media type of the body
   * @param body the body's bytes, none for an empty one
   */
  public record Outgoing(Map<String, String> headers, String type, SdkBytes body) {}

  /** Makes a codec. */
  public Codec(XmlLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a request.
   *
   * @param builder an empty builder of the operation's request
   * @return the request, not yet checked against the table of facts
   * @throws Refused {@code MissingBody}, {@code MalformedXML} or {@code MalformedInput}
   */
  public SdkPojo read(Incoming incoming, SdkPojo builder) {
    Optional<SdkField<?>> payload = Optional.empty();
    boolean inBody = false;
    for (SdkField<?> field : builder.sdkFields()) {
      if (field.containsTrait(PayloadTrait.class)) {
        payload = Optional.of(field);
      } else if (field.location() == MarshallLocation.PAYLOAD) {
        inBody = true;
      } else {
        locate(incoming, field)
            .ifPresent(text ->
                field.set(
                    builder, XmlReader.scalar(field.marshallingType(), text, field.memberName())));
      }
    }
    if (payload.isPresent()) {
      payload(incoming, payload.get(), builder);
    } else if (inBody) {
      XmlReader.read(body(incoming), root(incoming.operation()), builder, limits);
    }
    return Members.build(builder);
  }

  /** Writes a response: headers, and the payload as a document or as bytes. */
  public Outgoing write(Operation operation, SdkPojo response) {
    Map<String, String> headers = new LinkedHashMap<>();
    Optional<Outgoing> payload = Optional.empty();
    boolean inBody = false;
    for (SdkField<?> field : response.sdkFields()) {
      Optional<Object> value = Members.value(response, field);
      if (value.isEmpty()) {
        continue;
      }
      if (field.location() == MarshallLocation.HEADER) {
        headers.put(field.locationName(), XmlWriter.scalar(value.get()));
        if (field.memberName().equals("ETag")) {
          // The model misspells the header of UpdateFunction; clients of both spellings are served.
          headers.put("ETag", XmlWriter.scalar(value.get()));
        }
      } else if (field.containsTrait(PayloadTrait.class)) {
        payload = Optional.of(payload(headers, field, value.get()));
      } else if (field.location() == MarshallLocation.PAYLOAD) {
        inBody = true;
      }
    }
    if (payload.isPresent()) {
      return payload.get();
    }
    return inBody
        ? document(headers, XmlWriter.write(operation.name() + "Result", response))
        : new Outgoing(headers, XML, SdkBytes.fromByteArray(new byte[0]));
  }

  /** Writes an error. */
  public Outgoing write(int status, String code, String message, String requestId) {
    return document(Map.of(), XmlWriter.error(code, message, requestId, status < 500));
  }

  /** Returns a document of a value, for keeping. */
  public String document(String root, SdkPojo value) {
    return XmlWriter.write(root, value);
  }

  /**
   * Reads a document that was kept.
   *
   * @param builder an empty builder of the value
   */
  public SdkPojo parse(String root, SdkPojo builder, String document) {
    XmlReader.read(document.getBytes(StandardCharsets.UTF_8), root, builder, limits);
    return Members.build(builder);
  }

  private void payload(Incoming incoming, SdkField<?> field, SdkPojo builder) {
    if (field.marshallingType().equals(MarshallingType.SDK_BYTES)) {
      field.set(builder, incoming.body());
      return;
    }
    SdkPojo inner = field.constructor().get();
    XmlReader.read(body(incoming), root(incoming.operation()), inner, limits);
    field.set(builder, Members.build(inner));
  }

  private static byte[] body(Incoming incoming) {
    if (incoming.body().asByteArrayUnsafe().length == 0) {
      throw new Refused(
          "MissingBody",
          "This operation requires a body: a document of the element %s."
              .formatted(root(incoming.operation())));
    }
    return incoming.body().asByteArrayUnsafe();
  }

  private static String root(Operation operation) {
    return operation.root().orElse(operation.name() + "Request");
  }

  private static Optional<String> locate(Incoming incoming, SdkField<?> field) {
    return switch (field.location()) {
      case PATH, GREEDY_PATH -> Optional.ofNullable(incoming.labels().get(field.locationName()));
      case QUERY_PARAM -> Optional.ofNullable(incoming.query().get(field.locationName()));
      case HEADER -> incoming.header().apply(field.locationName());
      case PAYLOAD, STATUS_CODE -> Optional.empty();
    };
  }

  /** Shares the headers with the loop, which may find more of them behind the payload. */
  private static Outgoing payload(Map<String, String> headers, SdkField<?> field, Object value) {
    return value instanceof SdkBytes bytes
        ? new Outgoing(headers, "application/octet-stream", bytes)
        : document(headers, XmlWriter.write(field.locationName(), (SdkPojo) value));
  }

  private static Outgoing document(Map<String, String> headers, String document) {
    return new Outgoing(headers, XML, SdkBytes.fromUtf8String(document));
  }
}
