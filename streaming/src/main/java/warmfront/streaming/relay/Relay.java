package warmfront.streaming.relay;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.streaming.live.Upstream;
import warmfront.streaming.media.Tag;

/**
 * Brings channels from the live origins of their homes: of the servers there, from the first that
 * has it on air. A thread for each channel, which waits for what comes.
 */
public final class Relay implements Upstream, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int TOGETHER_MAX = 64;

  private final Function<String, List<InetSocketAddress>> homes;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("relay-", 0).factory());
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .executor(threads)
          .build();

  /**
   * Makes one that has begun nothing.
   *
   * @param homes the live origins that may have a channel; none if it is at home here
   */
  public Relay(Function<String, List<InetSocketAddress>> homes) {
    this.homes = homes;
  }

  @Override
  public Optional<Pulled> pull(String channel, Sink sink) {
    List<InetSocketAddress> servers = homes.apply(channel);
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    Pulling pulling = new Pulling(channel, servers, sink);
    threads.execute(pulling::run);
    return Optional.of(pulling);
  }

  /** Ends everything. Idempotent. */
  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }

  private final class Pulling implements Pulled {
    private final String channel;
    private final List<InetSocketAddress> servers;
    private final Sink sink;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile @Nullable InputStream body;

    Pulling(String channel, List<InetSocketAddress> servers, Sink sink) {
      this.channel = channel;
      this.servers = servers;
      this.sink = sink;
    }

    void run() {
      boolean isEnd = false;
      for (InetSocketAddress server : servers) {
        try {
          if (!isOver.get() && watch(server)) {
            isEnd = true;
            break;
          }
        } catch (IOException e) {
          if (!isOver.get()) {
            LOG.warn("channel {} does not come from {}: {}", channel, server, e.toString());
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      sink.over(isEnd);
    }

    /** Passes on what a server has; false if it does not have the channel. */
    private boolean watch(InetSocketAddress server) throws IOException, InterruptedException {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(target(server)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        body = in;
        if (answer.statusCode() != 200 || isOver.get()) {
          return false;
        }
        FlvStream stream = FlvStream.of(in);
        List<Tag> together = new ArrayList<>();
        for (Optional<Tag> tag = stream.next(); tag.isPresent(); tag = stream.next()) {
          together.add(tag.get());
          if (together.size() == TOGETHER_MAX || !stream.hasMore()) {
            sink.tags(List.copyOf(together));
            together.clear();
          }
        }
        return true;
      }
    }

    private URI target(InetSocketAddress server) {
      String host = server.getAddress().getHostAddress();
      return URI.create(
          "http://%s:%d/%s.flv"
              .formatted(host.contains(":") ? "[" + host + "]" : host, server.getPort(), channel));
    }

    @Override
    public void end() {
      isOver.set(true);
      @Nullable InputStream current = body;
      if (current != null) {
        try {
          current.close();
        } catch (IOException e) {
          LOG.debug("a stream that ends", e);
        }
      }
    }
  }
}
