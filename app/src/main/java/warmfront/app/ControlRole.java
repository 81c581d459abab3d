package warmfront.app;

import java.io.IOException;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import warmfront.app.config.Config;
import warmfront.app.config.Endpoint;
import warmfront.app.operator.OperatorServer;
import warmfront.app.operator.Running;
import warmfront.control.Control;
import warmfront.control.ControlConfig;
import warmfront.control.publish.Timing;
import warmfront.distribution.S3Endpoint;
import warmfront.time.Clock;

/** The control plane as a process of its own. */
final class ControlRole implements Role {
  private final Config config;
  private final Control control;
  private final Closing closing;

  private ControlRole(Config config, Control control, Closing closing) {
    this.config = config;
    this.control = control;
    this.closing = closing;
  }

  /** Starts it; {@code data} is closed with it. */
  static ControlRole start(Config config, DataDirectory data, Clock clock) throws StartException {
    Closing closing = new Closing();
    closing.add("the data directory", data);
    try {
      OperatorServer operator = OperatorServer.open(config.operator().socket());
      closing.add("the operator port", operator);
      operator.add(new Running(Main.VERSION, "control", clock));
      MapMaking maps = new MapMaking(config, data, clock);
      ControlConfig told =
          new ControlConfig(
              data.path(),
              store(config),
              config.secretKeyFile(),
              config.zone().name(),
              config.zone().anycast(),
              config.api().listen().socket(),
              tls(config.api()),
              config.quotas(),
              Optional.of(gate(config)),
              buckets(config, Optional.empty()),
              timing(config),
              maps.options(),
              config.acme());
      Control control =
          Control.start(
              told,
              new S3Objects(clock),
              "warmfront-" + UUID.randomUUID(),
              clock,
              new SecureRandom());
      closing.add("the control plane", control);
      Caller.leave(data.path(), config.api().url(control.apiPort()));
      operator.add(new ControlPart(control, clock));
      operator.add(maps);
      return new ControlRole(config, control, closing);
    } catch (IOException | IllegalStateException failed) {
      closing.close();
      throw new StartException(String.valueOf(failed.getMessage()), failed);
    }
  }

  /** Returns the URL of the database; empty for SQLite in the data directory. */
  static Optional<String> store(Config config) {
    return Optional.of(config.store()).filter(store -> !store.equals("sqlite"));
  }

  /** Returns what the API shows; nothing if it speaks plain HTTP. */
  static Optional<ControlConfig.Tls> tls(Config.Api api) throws IOException {
    if (!api.isSecure()) {
      return Optional.empty();
    }
    return Optional.of(
        api.certificate().isPresent()
            ? new ControlConfig.Tls.OfFiles(api.certificate().get(), api.key().orElseThrow())
            : new ControlConfig.Tls.OfFleet(names(api)));
  }

  /** Where the API is reached; pairs of key value stores are asked for below a name. */
  private static List<String> names(Config.Api api) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    api.advertise().ifPresent(reached -> names.add(reached.host()));
    if (api.listen().isEverywhere()) {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .forEach(address -> names.add(address.getHostAddress()));
    } else {
      names.add(api.listen().host());
    }
    names.addAll(List.of("localhost", "127.0.0.1", "::1"));
    for (String name : List.copyOf(names)) {
      if (!name.matches("[0-9.]+|.*:.*")) {
        names.add("*." + name);
      }
    }
    return List.copyOf(names);
  }

  /** Returns where servers in other processes come in. */
  static ControlConfig.Listening gate(Config config) {
    Endpoint advertised = config.link().advertise().orElse(config.link().listen());
    return new ControlConfig.Listening(
        config.link().listen().socket(), advertised.host(), advertised.port());
  }

  /** Returns the operator's buckets; {@code embedded} is where all others are asked. */
  static List<S3Endpoint> buckets(Config config, Optional<List<S3Endpoint>> embedded) {
    List<S3Endpoint> all = new ArrayList<>();
    for (Config.Bucket bucket : config.origins().s3()) {
      all.add(
          new S3Endpoint(
              bucket.suffix(),
              bucket.endpoint(),
              bucket.region(),
              bucket.accessKeyId(),
              bucket.secretAccessKey()));
    }
    embedded.ifPresent(more ->
        more.stream()
            .filter(one -> all.stream().noneMatch(own -> own.id().equals(one.id())))
            .forEach(all::add));
    return all;
  }

  /** Returns the fleet's times: resolvers keep answers for as long as the zone says. */
  static Timing timing(Config config) {
    return Timing.of(config.link().lease(), config.zone().ttl());
  }

  @Override
  public Map<String, Object> ready() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("role", "control");
    line.put("api", config.api().url(control.apiPort()).toString());
    control
        .gatePort()
        .ifPresent(port -> line.put("link", config.link().listen().withPort(port).toString()));
    line.put("access_key_id", control.rootKey().accessKeyId());
    line.put("secret_access_key", control.rootKey().secretAccessKey());
    return line;
  }

  @Override
  public void drain(Duration atMost) {
    closing.close();
  }
}
