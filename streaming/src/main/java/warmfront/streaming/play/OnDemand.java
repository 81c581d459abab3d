package warmfront.streaming.play;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import warmfront.bytes.RangedReader;
import warmfront.signing.UrlVerifier;
import warmfront.streaming.media.Opening;
import warmfront.streaming.play.FrontDoor.Application;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.Session;
import warmfront.time.Clock;

/** The application {@code cfx}: objects of streaming distributions. Thread-safe. */
public final class OnDemand implements Application {
  /** Its name, the first segment after the host. */
  public static final String NAME = "cfx";

  private static final String INSTANCE = "st";

  /** What we say we are: that which CloudFront had, for players that look. */
  private static final String VERSION = "3,5,7,7009";

  private static final List<String> ENHANCED = List.of("hvc1", "av01", "vp09");

  private final Distributions distributions;
  private final House house;

  /**
   * What all sessions share.
   *
   * @param library what is being played
   * @param verifier judges names that must be signed
   * @param events hears what viewers do
   * @param clock for log and pace
   * @param limits how much may be asked
   */
  record House(
      Library library,
      UrlVerifier verifier,
      Event.Listener events,
      Clock clock,
      PlayLimits limits) {}

  /**
   * How objects become media.
   *
   * @param reader reads them
   * @param containers begins to open one, given its path: as {@code Containers::open}
   * @param threads where they are opened, which takes up to a tenth of a second of computing
   */
  public record Objects(
      RangedReader reader, Function<String, Opening> containers, Executor threads) {}

  /**
   * Makes the application.
   *
   * @param distributions which distribution a name is of
   * @param verifier judges names that must be signed
   * @param events hears what viewers do
   */
  public OnDemand(
      Distributions distributions,
      Objects objects,
      UrlVerifier verifier,
      Event.Listener events,
      Clock clock,
      PlayLimits limits) {
    this.distributions = distributions;
    this.house = new House(new Library(objects, limits.library()), verifier, events, clock, limits);
  }

  /** Returns what is kept of media, in bytes. */
  public long keptBytes() {
    return house.library().keptBytes();
  }

  /** Returns how many files have been opened that were not kept. */
  public long opened() {
    return house.library().opened();
  }

  @Override
  public Optional<Session> connect(Link link, Command connect) {
    Optional<ConnectUri> uri = ConnectUri.of(connect);
    if (uri.isEmpty()) {
      return refused(link, connect, Refusal.INVALID_URI);
    }
    if (!uri.get().is(INSTANCE)) {
      return refused(link, connect, Refusal.INVALID_INSTANCE);
    }
    return switch (distributions.named(uri.get().host())) {
      case Distributions.Unknown() -> refused(link, connect, Refusal.DISTRIBUTION_NOT_FOUND);
      case Distributions.Web() -> refused(link, connect, Refusal.DISTRIBUTION_TYPE_MISMATCH);
      case Distributions.Streaming streaming ->
          Optional.of(admitted(link, connect, uri.get(), streaming));
    };
  }

  private static Optional<Session> refused(Link link, Command connect, Refusal refusal) {
    FrontDoor.refuse(link, connect, Status.CONNECT_REJECTED, refusal);
    return Optional.empty();
  }

  private Session admitted(
      Link link, Command connect, ConnectUri uri, Distributions.Streaming streaming) {
    Viewer viewer =
        new Viewer(
            link.id(),
            link.remoteAddress(),
            link.variant(),
            streaming.id(),
            uri.text(),
            uri.query(),
            Facts.remembered(connect, "swfUrl"),
            Facts.remembered(connect, "pageUrl"),
            Facts.remembered(connect, "flashVer"),
            Facts.enhanced(connect));
    link.admit();
    link.greet();
    link.command(0, "_result", connect.transaction(), List.of(properties(), success(connect)));
    // Players of Adobe's server wait for it; librtmp asks for a measurement then, see
    // NetConnection.
    link.command(0, "onBWDone", 0, List.of(Amf.nothing()));
    return new NetConnection(house, link, viewer, streaming.signed());
  }

  private static Amf properties() {
    SequencedMap<String, Amf> properties = new LinkedHashMap<>();
    properties.put("fmsVer", Amf.of("FMS/" + VERSION));
    properties.put("capabilities", Amf.of(31));
    properties.put("mode", Amf.of(1));
    return Amf.of(properties);
  }

  private static Amf success(Command connect) {
    SequencedMap<String, Amf> info = Status.CONNECT_SUCCESS.members("Connection succeeded.");
    SequencedMap<String, Amf> data = new LinkedHashMap<>();
    data.put("version", Amf.of(VERSION));
    info.put("data", new Amf.Associative(data));
    info.put("objectEncoding", Amf.of(Facts.objectEncoding(connect)));
    if (!Facts.enhanced(connect).isEmpty()) {
      Stream<Amf> codecs = ENHANCED.stream().map(Amf::of);
      info.put("fourCcList", new Amf.Strict(codecs.toList()));
    }
    return Amf.of(info);
  }
}
