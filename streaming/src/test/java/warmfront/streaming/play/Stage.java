package warmfront.streaming.play;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import warmfront.signing.UrlVerifier;
import warmfront.streaming.play.OnDemand.Objects;
import warmfront.streaming.rtmp.Amf;
import warmfront.streaming.rtmp.Command;
import warmfront.streaming.rtmp.Session;
import warmfront.time.ManualClock;

/** A viewer of a made-up film: everything on one thread, at a time that tests move. */
final class Stage {
  static final String PATH = "/film.mp4";

  final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  final FakeReader reader = new FakeReader();
  final Film film = new Film(60, "");
  final Map<String, Film> films = new LinkedHashMap<>();
  final List<Event> events = new ArrayList<>();
  final OnDemand onDemand;
  private final KeyPair keys = keys();
  private final Queue<Runnable> work = new ArrayDeque<>();
  private int links;

  Stage() {
    this(PlayLimits.standard());
  }

  Stage(PlayLimits limits) {
    put(PATH, film, "v1");
    onDemand =
        new OnDemand(
            host ->
                switch (host) {
                  case "s1.example.net" -> new Distributions.Streaming("S1", false);
                  case "signed.example.net" -> new Distributions.Streaming("S2", true);
                  case "d1.example.net" -> new Distributions.Web();
                  default -> new Distributions.Unknown();
                },
            new Objects(
                reader, path -> films.getOrDefault(path, new Film(0, "")).opening(), work::add),
            new UrlVerifier(
                id -> id.equals("K1") ? Optional.of(keys.getPublic()) : Optional.empty()),
            events::add,
            clock,
            limits);
  }

  void put(String path, Film film, String version) {
    films.put(path, film);
    reader.put(path, film.bytes(), version);
  }

  /** Returns the query of a name that may be played so many seconds more. */
  String signed(String resource, long seconds) {
    long expires = clock.now().getEpochSecond() + seconds;
    try {
      Signature signature = Signature.getInstance("SHA1withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(UrlVerifier.cannedPolicy(resource, expires).getBytes(UTF_8));
      String text = Base64.getEncoder().encodeToString(signature.sign());
      String safe = text.replace('+', '-').replace('=', '_').replace('/', '~');
      return "Expires=" + expires + "&Signature=" + safe + "&Key-Pair-Id=K1";
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** One viewer. */
  final class Viewer {
    final FakeLink link;
    final Session session;
    private double transactions;

    Viewer() {
      link = new FakeLink(clock, "viewer" + ++links);
      link.settle = this::settle;
      session = new FrontDoor(Map.of(OnDemand.NAME, onDemand)).begin(link);
    }

    /** Connects and has a stream, number 1. */
    Viewer connected() {
      connect("rtmp://s1.example.net/cfx/st", "cfx/st");
      call(0, "createStream", Amf.nothing());
      link.take();
      return this;
    }

    void connect(String tcUrl, String app) {
      connect(tcUrl, app, Map.of());
    }

    void connect(String tcUrl, String app, Map<String, Amf> more) {
      SequencedMap<String, Amf> object = new LinkedHashMap<>(more);
      object.put("app", Amf.of(app));
      object.put("tcUrl", Amf.of(tcUrl));
      call(0, "connect", Amf.of(object));
    }

    void call(int stream, String name, Amf... values) {
      say(stream, name, ++transactions, values);
    }

    /** Says something that wants no answer. */
    void say(int stream, String name, double transaction, Amf... values) {
      session.command(new Command(stream, name, transaction, List.of(values)));
      settle();
    }

    void play(String name, double... more) {
      List<Amf> values = new ArrayList<>(List.of(Amf.nothing(), Amf.of(name)));
      Arrays.stream(more).forEach(each -> values.add(Amf.of(each)));
      say(1, "play", 0, values.toArray(Amf[]::new));
    }

    /** Lets bytes come so many times. */
    void deliver(int times) {
      for (int i = 0; i < times; i++) {
        reader.deliver();
        settle();
      }
    }

    /** Returns what was sent but for the heads, in words that can be compared. */
    List<String> media() {
      return link.sent.stream()
          .filter(sent -> sent.bytes().remaining() > 50)
          .map(sent -> sent.kind() + " " + sent.millis() + " " + sent.bytes().hashCode())
          .toList();
    }

    long lastMillis() {
      return link.sent.getLast().millis();
    }

    void settle() {
      Stage.this.settle(link);
    }
  }

  /** Lets everything happen that can without time passing. */
  void settle(FakeLink... links) {
    do {
      for (Runnable task = work.poll(); task != null; task = work.poll()) {
        task.run();
      }
      Arrays.stream(links).forEach(FakeLink::run);
    } while (!work.isEmpty());
  }
}
