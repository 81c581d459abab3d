package warmfront.control.publish;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.LogHead;
import warmfront.distribution.Server;
import warmfront.link.Held;
import warmfront.link.LinkFeature;
import warmfront.link.wire.Ack;
import warmfront.link.wire.Alive;
import warmfront.link.wire.Certified;
import warmfront.link.wire.EnrolRequest;
import warmfront.link.wire.FleetGrpc;
import warmfront.link.wire.FromControl;
import warmfront.link.wire.FromServer;
import warmfront.link.wire.Hello;
import warmfront.link.wire.MapHeld;
import warmfront.link.wire.RenewRequest;
import warmfront.link.wire.Rtt;
import warmfront.link.wire.Wrote;
import warmfront.snapshot.Chain;
import warmfront.snapshot.SnapshotCodec;

/** What servers ask of control. gRPC calls it on virtual threads, one at a time per stream. */
final class FleetService extends FleetGrpc.FleetImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(FleetService.class);

  private final Publisher publisher;
  private final Admission admission;

  FleetService(Publisher publisher, Admission admission) {
    this.publisher = publisher;
    this.admission = admission;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<Certified> answer) {
    answer(admission.enrol(request.getSecret(), request.getCsr().toByteArray()), answer);
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<Certified> answer) {
    switch (Peers.current()) {
      case Peer.Vouched peer ->
          answer(admission.renew(peer, request.getCsr().toByteArray()), answer);
      case Peer.Anonymous _, Peer.Local _ ->
          answer.onError(
              Status.UNAUTHENTICATED
                  .withDescription("a certificate is renewed by showing it")
                  .asRuntimeException());
    }
  }

  @Override
  public StreamObserver<FromServer> follow(StreamObserver<FromControl> out) {
    return new Conversation(Peers.current(), (ServerCallStreamObserver<FromControl>) out);
  }

  private static void answer(Admission.Answer answer, StreamObserver<Certified> to) {
    switch (answer) {
      case Admission.Answer.Granted(String serverId, String chainPem, String caPem) -> {
        to.onNext(
            Certified.newBuilder()
                .setServerId(serverId)
                .setChainPem(chainPem)
                .setCaPem(caPem)
                .build());
        to.onCompleted();
      }
      case Admission.Answer.Refused(String reason) -> {
        LOG.warn("a server is not let into the fleet: {}", reason);
        to.onError(Status.PERMISSION_DENIED.withDescription(reason).asRuntimeException());
      }
    }
  }

  /** What one server says over one stream. */
  private final class Conversation implements StreamObserver<FromServer> {
    private final Peer peer;
    private final ServerCallStreamObserver<FromControl> out;
    private @Nullable Session session;
    private boolean refused;

    Conversation(Peer peer, ServerCallStreamObserver<FromControl> out) {
      this.peer = peer;
      this.out = out;
      out.setOnReadyHandler(() -> {
        Session open = session;
        if (open != null) {
          open.signal();
        }
      });
      out.setOnCancelHandler(this::over);
    }

    @Override
    public void onNext(FromServer word) {
      Session open = session;
      switch (word.getWordCase()) {
        case HELLO -> hello(word.getHello());
        case ACK -> ack(open, word.getAck());
        case ALIVE -> alive(open, word.getAlive());
        case RTT -> measured(open, word.getRtt());
        case MAP_HELD -> mapHeld(open, word.getMapHeld());
        case WROTE -> wrote(open, word.getWrote());
        // A later version's word, which it may not say to a control without its feature.
        case WORD_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable failed) {
      over();
    }

    @Override
    public void onCompleted() {
      over();
    }

    private void hello(Hello hello) {
      if (session != null || refused) {
        return;
      }
      Optional<Status> refusal = refusal(hello);
      if (refusal.isPresent()) {
        refused = true;
        LOG.warn("{} may not follow: {}", hello.getServerId(), refusal.get().getDescription());
        out.onError(refusal.get().asRuntimeException());
        return;
      }
      Server server = publisher.members().find(hello.getServerId()).orElseThrow();
      Tail tail = publisher.tailOfLog();
      Session opened =
          new Session(
              server,
              tail,
              publisher.timing(),
              out,
              publisher.features(),
              LinkFeature.MAPS.isIn(hello.getFeaturesList())
                  ? publisher.mapsFrom(hello.getMapVersion())
                  : Optional.empty());
      session = opened;
      publisher
          .members()
          .connected(server.id(), opened)
          .ifPresent(before -> before.end(Status.ABORTED.withDescription("another stream of it")));
      List<Held> held = hello.getHeldList().stream().map(Held::of).toList();
      boolean resumes = tail.resumes(hello.getEpoch(), hello.getRevision(), chain(hello));
      if (resumes) {
        publisher
            .members()
            .acked(
                server.id(),
                opened,
                new Members.Word(hello.getEpoch(), hello.getRevision(), held, Set.of()));
        publisher.moved();
      }
      LOG.info(
          "{} follows from revision {}{}",
          server.id(),
          hello.getRevision(),
          resumes ? "" : ", with the whole picture");
      opened.start(hello.getEpoch(), hello.getRevision(), !resumes);
    }

    private Optional<Status> refusal(Hello hello) {
      Optional<Status> stranger =
          switch (peer) {
            case Peer.Anonymous _ ->
                Optional.of(Status.UNAUTHENTICATED.withDescription("no certificate"));
            case Peer.Local _ -> Optional.empty();
            case Peer.Vouched vouched -> refusal(vouched, hello);
          };
      if (stranger.isPresent()) {
        return stranger;
      }
      if (publisher.members().find(hello.getServerId()).isEmpty() || isAhead(hello)) {
        publisher.look();
      }
      Optional<Server> server = publisher.members().find(hello.getServerId());
      if (server.isEmpty()) {
        return Optional.of(
            Status.PERMISSION_DENIED.withDescription(hello.getServerId() + " is not of the fleet"));
      }
      if (!server.get().role().name().equals(hello.getRole())) {
        return Optional.of(
            Status.PERMISSION_DENIED.withDescription(
                "%s is registered as %s".formatted(hello.getServerId(), server.get().role())));
      }
      LogHead head = publisher.head();
      return isAhead(hello)
          ? Optional.of(
              Status.FAILED_PRECONDITION.withDescription(
                  "it has revision %d of epoch %d, the log ends at %d of %d: a backup was restored,"
                          .formatted(
                              hello.getRevision(), hello.getEpoch(), head.revision(), head.epoch())
                      + " raise the epoch"))
          : Optional.empty();
    }

    private boolean isAhead(Hello hello) {
      LogHead head = publisher.head();
      return hello.getEpoch() > head.epoch()
          || (hello.getEpoch() == head.epoch() && hello.getRevision() > head.revision());
    }

    private Optional<Status> refusal(Peer.Vouched vouched, Hello hello) {
      if (!vouched.serverId().equals(hello.getServerId())) {
        return Optional.of(
            Status.PERMISSION_DENIED.withDescription("the certificate is another server's"));
      }
      if (!vouched.valid()) {
        return Optional.of(
            Status.UNAUTHENTICATED.withDescription("the certificate has expired; renew it"));
      }
      return admission
          .refusal(vouched)
          .map(reason -> Status.PERMISSION_DENIED.withDescription(reason));
    }

    private void ack(@Nullable Session open, Ack ack) {
      if (open != null) {
        List<Held> held = ack.getHeldList().stream().map(Held::of).toList();
        publisher
            .members()
            .acked(
                open.serverId(),
                open,
                new Members.Word(
                    ack.getEpoch(), ack.getRevision(), held, Set.copyOf(ack.getKeptList())));
        publisher.moved();
      }
    }

    private void alive(@Nullable Session open, Alive word) {
      if (open != null) {
        if (word.hasSent()) {
          open.alive(word.getSent());
        }
        publisher.members().heard(open.serverId(), open, Set.copyOf(word.getKeptList()));
      }
    }

    private void measured(@Nullable Session open, Rtt word) {
      if (open != null) {
        publisher
            .members()
            .find(open.serverId())
            .ifPresent(server -> publisher.measured(server, word));
      }
    }

    private void wrote(@Nullable Session open, Wrote word) {
      if (open != null) {
        publisher
            .members()
            .find(open.serverId())
            .flatMap(server -> Written.of(server, word))
            .ifPresent(publisher::wrote);
      }
    }

    private void mapHeld(@Nullable Session open, MapHeld word) {
      if (open != null) {
        open.maps().ifPresent(maps -> maps.answered(word));
        open.signal();
      }
    }

    private void over() {
      Session open = session;
      if (open != null) {
        publisher.members().disconnected(open.serverId(), open);
        open.end(Status.CANCELLED);
        publisher.moved();
      }
    }
  }

  private static Chain chain(Hello hello) {
    return hello.getChain().size() == 32 ? SnapshotCodec.chain(hello.getChain()) : Chain.EMPTY;
  }
}
