package warmfront.app.apply;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.app.call.SignedHttp;
import warmfront.control.api.wire.ClientCodec;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Members;
import warmfront.control.api.wire.Models;
import warmfront.control.api.wire.Operation;
import warmfront.control.api.wire.Refused;
import warmfront.control.api.wire.XmlLimits;
import warmfront.http.Fields;

/** CloudFront's API as a client calls it, by the names of its operations. */
final class ApiCalls {
  private final SignedHttp http;
  private final Facts facts = Facts.load();
  private final ClientCodec codec = new ClientCodec(XmlLimits.DEFAULT);

  ApiCalls(SignedHttp http) {
    this.http = http;
  }

  /** Returns whether the API has an operation. */
  boolean has(String operation) {
    return facts.has(operation);
  }

  /** Returns an empty builder of an operation's request. */
  static SdkPojo asked(String operation) {
    return Models.builder(operation + "Request").get();
  }

  /**
   * Calls an operation.
   *
   * @param asked its request, built or to be built
   * @throws RefusedException if the API says no
   * @throws ApplyException if it does not answer, or not as the API does
   */
  SdkPojo call(String operation, SdkPojo asked) throws ApplyException, InterruptedException {
    Operation one = facts.operation(operation);
    ClientCodec.Asked request = codec.write(one, asked);
    Fields.Builder headers = Fields.builder();
    request.headers().forEach(headers::add);
    try {
      HttpResponse<byte[]> answer =
          http.send(
              one.method(), request.target(), headers.build(), request.body().asByteArrayUnsafe());
      if (answer.statusCode() / 100 != 2) {
        throw RefusedException.of(operation, answer);
      }
      return codec.read(
          one,
          name -> answer.headers().firstValue(name),
          SdkBytes.fromByteArrayUnsafe(answer.body()));
    } catch (IOException e) {
      throw new ApplyException(
          "%s: the API does not answer: %s".formatted(operation, e.getMessage()), e);
    } catch (Refused e) {
      throw new ApplyException(
          "%s: the API answers otherwise than it should: %s".formatted(operation, e.getMessage()),
          e);
    }
  }

  /**
   * Returns the ids of all resources of a type that has a list by GET.
   *
   * @param noun its name in operations
   */
  List<String> ids(String noun) throws ApplyException, InterruptedException {
    String operation = facts.beside("Create" + noun, "GET").name();
    List<String> ids = new ArrayList<>();
    Optional<String> marker = Optional.empty();
    do {
      SdkPojo asked = asked(operation);
      marker.ifPresent(from -> Members.set(asked, "Marker", from));
      Leaves page = Leaves.of(call(operation, Members.build(asked)));
      // An item is the resource's summary, or has the resource in it.
      page.texts()
          .forEach((path, text) -> {
            if (path.matches("[A-Za-z]+\\[[0-9]+]\\.([A-Za-z]+\\.)?Id")) {
              ids.add(text);
            }
          });
      marker =
          page.texts().entrySet().stream()
              .filter(leaf -> leaf.getKey().endsWith(".NextMarker"))
              .map(Map.Entry::getValue)
              .findFirst();
    } while (marker.isPresent());
    return ids;
  }

  /** Calls an operation; empty if what it asks for is not there. */
  Optional<SdkPojo> find(String operation, SdkPojo asked)
      throws ApplyException, InterruptedException {
    try {
      return Optional.of(call(operation, Members.build(asked)));
    } catch (RefusedException e) {
      if (e.isMissing()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
