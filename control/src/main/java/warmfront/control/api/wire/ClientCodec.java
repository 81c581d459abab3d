package warmfront.control.api.wire;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.PayloadTrait;

/**
 * Between model objects and HTTP messages as a client of the API has them: what {@link Codec} is to
 * a server. Thread-safe.
 */
public final class ClientCodec {
  private static final SdkBytes NOTHING = SdkBytes.fromByteArray(new byte[0]);

  private final XmlLimits limits;

  /**
   * A request to be sent.
   *
   * @param target path and query, as on the wire
   * @param headers its own headers
   * @param body the body's bytes, none for an empty one
   */
  public record Asked(String target, Map<String, String> headers, SdkBytes body) {}

  /** Makes a codec. */
  public ClientCodec(XmlLimits limits) {
    this.limits = limits;
  }

  /**
   * Writes a request.
   *
   * @throws IllegalArgumentException if a label of the path has no value
   */
  public Asked write(Operation operation, SdkPojo request) {
    Map<String, String> labels = new HashMap<>();
    Map<String, String> query = new LinkedHashMap<>(operation.query());
    Map<String, String> headers = new LinkedHashMap<>();
    SdkBytes body = NOTHING;
    boolean inBody = false;
    for (SdkField<?> field : request.sdkFields()) {
      Optional<Object> value = Members.value(request, field);
      if (value.isEmpty()) {
        continue;
      }
      if (field.containsTrait(PayloadTrait.class)) {
        body = payload(operation, value.get());
        continue;
      }
      switch (field.location()) {
        case PATH, GREEDY_PATH -> labels.put(field.locationName(), XmlWriter.scalar(value.get()));
        case QUERY_PARAM -> query.put(field.locationName(), XmlWriter.scalar(value.get()));
        case HEADER -> headers.put(field.locationName(), XmlWriter.scalar(value.get()));
        case PAYLOAD -> inBody = true;
        case STATUS_CODE -> {}
      }
    }
    if (inBody) {
      body = SdkBytes.fromUtf8String(XmlWriter.write(operation.root().orElseThrow(), request));
    }
    return new Asked(path(operation, labels) + text(query), headers, body);
  }

  /**
   * Reads the response of a success.
   *
   * @param header gives a header's value
   * @throws Refused {@code MalformedXML} or {@code MalformedInput} if it is not what the API says
   */
  public SdkPojo read(
      Operation operation, Function<String, Optional<String>> header, SdkBytes body) {
    SdkPojo builder = Models.builder(operation.name() + "Response").get();
    boolean inBody = false;
    for (SdkField<?> field : builder.sdkFields()) {
      if (field.containsTrait(PayloadTrait.class)) {
        field.set(builder, payload(field, body));
      } else if (field.location() == MarshallLocation.HEADER) {
        header
            .apply(field.locationName())
            .ifPresent(text ->
                field.set(
                    builder, XmlReader.scalar(field.marshallingType(), text, field.memberName())));
      } else if (field.location() == MarshallLocation.PAYLOAD) {
        inBody = true;
      }
    }
    if (inBody) {
      XmlReader.read(body.asByteArrayUnsafe(), operation.name() + "Result", builder, limits);
    }
    return Members.build(builder);
  }

  private Object payload(SdkField<?> field, SdkBytes body) {
    if (field.marshallingType().equals(MarshallingType.SDK_BYTES)) {
      return body;
    }
    SdkPojo inner = field.constructor().get();
    XmlReader.read(body.asByteArrayUnsafe(), field.unmarshallLocationName(), inner, limits);
    return Members.build(inner);
  }

  private static SdkBytes payload(Operation operation, Object value) {
    return value instanceof SdkBytes bytes
        ? bytes
        : SdkBytes.fromUtf8String(XmlWriter.write(operation.root().orElseThrow(), (SdkPojo) value));
  }

  private static String path(Operation operation, Map<String, String> labels) {
    StringBuilder path = new StringBuilder();
    for (String segment : operation.segments()) {
      path.append('/').append(segment.startsWith("{") ? label(segment, labels) : segment);
    }
    return path.toString();
  }

  private static String label(String segment, Map<String, String> labels) {
    String name = segment.substring(1, segment.length() - 1);
    String value = labels.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the path's label " + name + " has no value");
    }
    return encoded(value);
  }

  private static String text(Map<String, String> query) {
    StringJoiner text = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach((name, value) -> text.add(encoded(name) + "=" + encoded(value)));
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
