package warmfront.control.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Models;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Shape;
import warmfront.control.api.wire.XmlLimits;

/**
 * Requests made of the table of facts: the least that an operation takes, but for one member, which
 * is left out or wrong. Members go by their path, a list's elements by {@code []}.
 */
final class Asks {
  static final String WRONG = "no-such-choice";
  static final String VERSION = "E2QWRUHAPOMQZL";

  private static final List<String> TEXTS =
      List.of(
          "x1x",
          "us-east-1",
          "arn:aws:cloudfront::123456789012:function/x",
          "arn:aws:cloudfront::123456789012:key-value-store/00000000-0000-4000-8000-000000000000");

  private final Facts facts;
  private final Codec codec = new Codec(XmlLimits.DEFAULT);

  Asks(Facts facts) {
    this.facts = facts;
  }

  /**
   * A request.
   *
   * @param path its path and query
   * @param headers its own headers
   * @param body its document, or none
   */
  record Ask(String path, Map<String, String> headers, String body) {}

  /** What is done to the member that is meant. */
  enum Deed {
    LEAVE_OUT,
    SET_WRONG
  }

  /**
   * Makes a request of an operation.
   *
   * @param target the path of the member that is meant; empty for none
   */
  Ask of(Operation operation, String target, Deed deed) {
    SdkPojo builder = Models.builder(operation.name() + "Request").get();
    fill(builder, facts.request(operation.name()), "", target, deed);
    return sent(operation, Members.build(builder));
  }

  private void fill(
      SdkPojo builder, Shape.Structure shape, String prefix, String target, Deed deed) {
    AtomicInteger items = new AtomicInteger();
    shape
        .members()
        .forEach((name, member) -> {
          String path = prefix.isEmpty() ? name : prefix + "." + name;
          boolean meant = target.equals(path);
          boolean onTheWay = target.startsWith(path + ".");
          if ((!member.required() && !meant && !onTheWay) || (meant && deed == Deed.LEAVE_OUT)) {
            return;
          }
          SdkField<?> field =
              builder.sdkFields().stream()
                  .filter(one -> one.memberName().equals(name))
                  .findFirst()
                  .orElseThrow(() -> new AssertionError("the model has no " + path));
          Object value = value(field, facts.shape(member.shape()), path, target, deed);
          field.set(builder, value);
          if (name.equals("Items")) {
            items.set(((List<?>) value).size());
          }
        });
    boolean counted =
        shape.members().containsKey("Quantity") && !target.equals(prefix + ".Quantity");
    if (counted && shape.members().containsKey("Items")) {
      // Items that are left out are missed only where some are said to be there.
      Members.set(builder, "Quantity", target.equals(prefix + ".Items") ? 1 : items.get());
    }
  }

  private Object value(SdkField<?> field, Shape shape, String path, String target, Deed deed) {
    return switch (shape) {
      case Shape.Structure structure -> {
        SdkPojo inner = field.constructor().get();
        fill(inner, structure, path, target, deed);
        yield Members.build(inner);
      }
      case Shape.Items(String member, Shape.Range range) ->
          Collections.nCopies(
              (int) Math.max(1, range.min()),
              value(
                  field.getTrait(ListTrait.class).memberFieldInfo(),
                  facts.shape(member),
                  path + ".[]",
                  target,
                  deed));
      case Shape.Simple simple -> target.equals(path) ? WRONG : simple(field, simple, path);
    };
  }

  private static Object simple(SdkField<?> field, Shape.Simple shape, String path) {
    if (path.equals("IfMatch")) {
      return VERSION;
    }
    if (!shape.choices().isEmpty()) {
      return shape.choices().iterator().next();
    }
    MarshallingType<?> type = field.marshallingType();
    double least = Math.max(1, shape.range().min());
    if (type.equals(MarshallingType.INTEGER)) {
      return (int) least;
    }
    if (type.equals(MarshallingType.LONG)) {
      return (long) least;
    }
    if (type.equals(MarshallingType.DOUBLE)) {
      return least;
    }
    if (type.equals(MarshallingType.FLOAT)) {
      return (float) least;
    }
    if (type.equals(MarshallingType.BOOLEAN)) {
      return false;
    }
    if (type.equals(MarshallingType.SDK_BYTES)) {
      return SdkBytes.fromUtf8String("x");
    }
    return TEXTS.stream()
        .filter(text -> shape.pattern().map(one -> one.matcher(text).matches()).orElse(true))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no text for " + path + ": " + shape));
  }

  private Ask sent(Operation operation, SdkPojo request) {
    String path = operation.path();
    Map<String, String> query = new LinkedHashMap<>(operation.query());
    Map<String, String> headers = new LinkedHashMap<>();
    String root = operation.root().orElse("");
    String body = root.isEmpty() ? "" : codec.document(root, request);
    for (SdkField<?> field : request.sdkFields()) {
      Optional<Object> value = Members.value(request, field.memberName());
      if (field.containsTrait(PayloadTrait.class)) {
        body = value.map(inner -> codec.document(root, (SdkPojo) inner)).orElse("");
      } else if (value.isPresent() && field.location() == MarshallLocation.PATH) {
        path = path.replace("{" + field.locationName() + "}", encoded(value.get()));
      } else if (value.isPresent() && field.location() == MarshallLocation.QUERY_PARAM) {
        query.put(field.locationName(), value.get().toString());
      } else if (value.isPresent() && field.location() == MarshallLocation.HEADER) {
        headers.put(field.locationName(), value.get().toString());
      }
    }
    StringBuilder target = new StringBuilder(path);
    query.forEach((name, value) ->
        target
            .append(target.indexOf("?") < 0 ? '?' : '&')
            .append(name)
            .append(value.isEmpty() ? "" : "=" + encoded(value)));
    return new Ask(target.toString(), headers, body);
  }

  private static String encoded(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }
}
