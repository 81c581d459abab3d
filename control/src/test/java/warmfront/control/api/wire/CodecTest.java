package warmfront.control.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/** One codec reads and writes every operation that the API has. */
final class CodecTest {
  private static final Facts FACTS = Facts.load();

  /** A member of trust stores that is newer than the model classes. */
  private static final String NEWER = "UseClientCertificateOCSPEndpoint";

  private final Codec codec = new Codec(XmlLimits.DEFAULT);
  private final ClientCodec client = new ClientCodec(XmlLimits.DEFAULT);

  static Stream<Operation> operations() {
    return FACTS.operations().stream();
  }

  @Test
  void all_operations_are_known_and_none_hides_another() {
    Routes routes = new Routes(FACTS);

    assertThat(FACTS.operations()).hasSize(167);
    for (Operation operation : FACTS.operations()) {
      String path =
          operation.segments().stream()
              .map(segment -> segment.replaceFirst("\\{.*}", "x"))
              .collect(Collectors.joining("/", "/", ""));
      assertThat(routes.find(operation.method(), path, operation.query()).orElseThrow().operation())
          .isEqualTo(operation);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void a_request_with_every_member_is_read_as_a_client_wrote_it(Operation operation)
      throws Exception {
    SdkPojo asked = filled(builder(operation, "Request"), 0);

    SdkPojo read = codec.read(incoming(operation, asked), builder(operation, "Request"));

    assertThat(read).isEqualTo(asked);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void a_response_with_every_member_is_written(Operation operation) throws Exception {
    SdkPojo answer = filled(builder(operation, "Response"), 0);

    Codec.Outgoing written = codec.write(operation, answer);

    Set<String> headers =
        answer.sdkFields().stream()
            .filter(field -> field.location() == MarshallLocation.HEADER)
            .map(SdkField::locationName)
            .collect(Collectors.toSet());
    Set<String> expected = new HashSet<>(headers);
    if (headers.contains("ETtag")) {
      expected.add("ETag"); // the model's spelling of one operation, beside everybody's
    }
    assertThat(written.headers().keySet()).isEqualTo(expected);
    assertThat(written.body().asByteArray().length > 0)
        .isEqualTo(answer.sdkFields().size() > headers.size());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void a_client_reads_what_a_response_was_written_of(Operation operation) throws Exception {
    SdkPojo answer = filled(builder(operation, "Response"), 0);
    Codec.Outgoing written = codec.write(operation, answer);

    SdkPojo read =
        client.read(
            operation, name -> Optional.ofNullable(written.headers().get(name)), written.body());

    assertThat(read).isEqualTo(answer);
  }

  @Test
  void a_client_cannot_leave_out_what_the_path_names() throws Exception {
    Operation operation = FACTS.operation("GetDistribution");

    assertThatThrownBy(() -> client.write(operation, Members.build(builder(operation, "Request"))))
        .hasMessageContaining("label Id has no value");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void the_table_names_members_that_the_model_has(Operation operation) throws Exception {
    Set<String> model =
        builder(operation, "Request").sdkFields().stream()
            .map(SdkField::memberName)
            .collect(Collectors.toSet());

    Set<String> table = new TreeSet<>(FACTS.request(operation.name()).members().keySet());
    table.remove(NEWER);
    assertThat(model).containsAll(table);
  }

  private Codec.Incoming incoming(Operation operation, SdkPojo asked) {
    ClientCodec.Asked sent = client.write(operation, asked);
    String[] target = sent.target().split("\\?", 2);
    Map<String, String> query = Routes.query(target.length == 2 ? target[1] : "");
    Routes.Found found = new Routes(FACTS).find(operation.method(), target[0], query).orElseThrow();
    assertThat(found.operation()).isEqualTo(operation);
    return new Codec.Incoming(
        operation,
        found.labels(),
        query,
        name -> Optional.ofNullable(sent.headers().get(name)),
        sent.body());
  }

  private static SdkPojo builder(Operation operation, String suffix)
      throws ReflectiveOperationException {
    String name = operation.name() + suffix;
    ReflectiveOperationException missing;
    try {
      return builder(name);
    } catch (ClassNotFoundException e) {
      missing = e;
    }
    if (!name.contains("WebACL")) {
      throw missing;
    }
    return builder(name.replace("WebACL", "WebAcl"));
  }

  private static SdkPojo builder(String name) throws ReflectiveOperationException {
    try {
      return (SdkPojo)
          Class.forName("software.amazon.awssdk.services.cloudfront.model." + name)
              .getMethod("builder")
              .invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SdkPojo filled(SdkPojo builder, int depth) {
    for (SdkField<?> field : builder.sdkFields()) {
      field.set(builder, value(field, depth));
    }
    return Members.build(builder);
  }

  private static Object value(SdkField<?> field, int depth) {
    MarshallingType<?> type = field.marshallingType();
    if (type.equals(MarshallingType.SDK_POJO)) {
      return filled(field.constructor().get(), depth + 1);
    } else if (type.equals(MarshallingType.LIST)) {
      SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
      List<Object> items = new ArrayList<>();
      items.add(value(member, depth + 1));
      items.add(value(member, depth + 1));
      return items;
    }
    String text =
        type.equals(MarshallingType.STRING)
            ? "<a & \"b\" \r\n\té😀 > " + field.memberName()
            : type.equals(MarshallingType.BOOLEAN)
                ? "true"
                : type.equals(MarshallingType.INSTANT)
                    ? Instant.ofEpochMilli(1_700_000_000_123L).toString()
                    : type.equals(MarshallingType.SDK_BYTES) ? "AAECAw==" : "17";
    return XmlReader.scalar(type, text, field.memberName());
  }

  @Test
  void every_error_that_an_operation_declares_has_a_status() {
    Set<String> codes = new TreeSet<>();
    FACTS.operations().forEach(operation -> codes.addAll(operation.errors()));

    assertThat(codes)
        .isNotEmpty()
        .allSatisfy(code -> assertThat(FACTS.status(code)).isBetween(400, 599));
  }
}
