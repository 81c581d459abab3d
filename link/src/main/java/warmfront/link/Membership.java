package warmfront.link;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.link.Enrolment.Outcome;
import warmfront.time.Clock;

/**
 * A server's place in its fleet: its credentials, renewed when a third of their life is over, and
 * channels to control made with the current ones. Thread-safe.
 */
public final class Membership implements AutoCloseable {
  /** Time between two looks at the certificate. */
  private static final Duration LOOK = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final String host;
  private final int port;
  private final Path folder;
  private final Enrolment enrolment;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private volatile Credentials current;

  private Membership(
      Credentials credentials,
      String host,
      int port,
      Path folder,
      Enrolment enrolment,
      Clock clock) {
    this.current = credentials;
    this.host = host;
    this.port = port;
    this.folder = folder;
    this.enrolment = enrolment;
    this.clock = clock;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("membership").factory());
  }

  /**
   * Begins to look after credentials that {@link Enrolment#join} gave or {@link Credentials#load}
   * read.
   *
   * @param host where control is
   * @param port where control is
   * @param folder where the credentials lie
   */
  public static Membership of(
      Credentials credentials,
      String host,
      int port,
      Path folder,
      Enrolment enrolment,
      Clock clock) {
    Membership made = new Membership(credentials, host, port, folder, enrolment, clock);
    var _ =
        made.thread.scheduleWithFixedDelay(
            made::renewIfDue, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return made;
  }

  /** Returns a channel to a control plane in this process, by the name it serves under. */
  public static ManagedChannel inProcess(String name) {
    return InProcessChannelBuilder.forName(name)
        .maxInboundMessageSize(Credentials.MESSAGE_MAX)
        .build();
  }

  /** Returns the credentials as they are now. */
  public Credentials credentials() {
    return current;
  }

  /** Returns a new channel to control, which the caller shuts down. */
  public ManagedChannel channel() {
    return current.channel(host, port);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** Renews the certificate if a third of its life is over; returns whether it did. */
  boolean renewIfDue() {
    Credentials before = current;
    if (clock.now().isBefore(before.renewalDue())) {
      return false;
    }
    try {
      switch (enrolment.renew(before, host, port, folder)) {
        case Outcome.Joined(Credentials renewed) -> {
          current = renewed;
          LOG.info("{} has a certificate until {}", renewed.serverId(), renewed.expires());
          return true;
        }
        case Outcome.Refused(String reason) ->
            LOG.error("the certificate of {} is not renewed: {}", before.serverId(), reason);
        case Outcome.Unreachable(String reason) ->
            LOG.warn("the certificate of {} is not renewed yet: {}", before.serverId(), reason);
      }
    } catch (IOException failed) {
      LOG.error("the new certificate of {} cannot be kept", before.serverId(), failed);
    } catch (RuntimeException bug) {
      // An exception would end the schedule, and in 30 days the server.
      LOG.error("the certificate of {} could not be renewed", before.serverId(), bug);
    }
    return false;
  }
}
