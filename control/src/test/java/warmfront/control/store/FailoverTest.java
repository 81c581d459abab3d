package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Kind;
import warmfront.snapshot.Seal;

/** PostgreSQL moves, goes away, or is cut off; the store says so and goes on. */
final class FailoverTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

  @TempDir private Path folder;

  @Test
  void a_listener_whose_way_goes_silent_is_replaced_and_hears_again() throws Exception {
    String url = Kept.POSTGRESQL.url(folder);
    PostgresServer server = PostgresServer.shared().orElseThrow();
    Semaphore heard = new Semaphore(0);
    try (Way way = Way.to(server.port());
        Store elsewhere = Store.open(url, KEY);
        Database database = Database.open(url.replace(":" + server.port(), ":" + way.port()));
        Notifications listening =
            Notifications.listen(database, heard::release, Duration.ofMillis(100))) {
      assertThat(heard.tryAcquire(5, TimeUnit.SECONDS)).as("it listens").isTrue();
      elsewhere.write(FailoverTest::append);
      assertThat(heard.tryAcquire(5, TimeUnit.SECONDS)).isTrue();

      way.silence();
      heard.drainPermits();
      assertThat(heard.tryAcquire(10, TimeUnit.SECONDS)).as("it listens anew").isTrue();

      heard.drainPermits();
      elsewhere.write(FailoverTest::append);
      assertThat(heard.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
      assertThat(listening).isNotNull();
    }
  }

  @Test
  void a_quiet_listener_keeps_its_connection() throws Exception {
    String url = Kept.POSTGRESQL.url(folder);
    Semaphore heard = new Semaphore(0);
    try (Database database = Database.open(url);
        Notifications listening =
            Notifications.listen(database, heard::release, Duration.ofMillis(20))) {
      assertThat(heard.tryAcquire(5, TimeUnit.SECONDS)).isTrue();

      assertThat(heard.tryAcquire(300, TimeUnit.MILLISECONDS)).as("it began anew").isFalse();
      assertThat(listening).isNotNull();
    }
  }

  @Test
  void a_database_that_is_stopped_and_started_elsewhere_is_found() throws Exception {
    int standby = PostgresServer.freePort();
    try (PostgresServer first = another();
        Store store = Store.open(first.newDatabase().replace("/postgres?", at(standby)), KEY)) {
      store.write(FailoverTest::append);
      first.stop();

      assertThatThrownBy(() -> store.write(FailoverTest::append))
          .isInstanceOf(StoreUnavailable.class);

      try (PostgresServer second = first.copy(standby)) {
        assertThat(persistently(() -> store.write(FailoverTest::append))).isEqualTo(2);
        assertThat(persistently(store::head).revision()).isEqualTo(2);
        assertThat(second.port()).isEqualTo(standby);
      }
    }
  }

  @Test
  @Tag("full")
  void connections_to_a_primary_that_is_none_any_more_are_left() throws Exception {
    int other = PostgresServer.freePort();
    try (PostgresServer first = another()) {
      String url = first.newDatabase();
      Store.open(url, KEY).close();
      first.stop();
      try (PostgresServer second = first.copy(other)) {
        first.restart();
        try (Store store = Store.open(url.replace("/postgres?", at(other)), KEY)) {
          assertThat(store.<Long>write(FailoverTest::append)).isEqualTo(1);
          first.execute("alter system set default_transaction_read_only = on");
          first.execute("select pg_reload_conf()");

          assertThat(failure(store)).hasMessageContaining("read-only");

          // The other one knows nothing of what was written to the first.
          assertThat(persistently(store::head).revision()).isZero();
          assertThat(persistently(() -> store.write(FailoverTest::append))).isEqualTo(1);
          assertThat(second.port()).isEqualTo(other);
        }
      }
    }
  }

  @Test
  void who_waits_behind_others_for_too_long_is_told() throws Exception {
    try (Store store = impatient(Kept.SQLITE.url(folder))) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      Thread slow =
          Thread.ofVirtual()
              .start(() ->
                  store.write(tx -> {
                    begun.countDown();
                    await(end);
                    return append(tx);
                  }));
      begun.await();

      assertThatThrownBy(() -> store.write(FailoverTest::append))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("busy");

      end.countDown();
      slow.join();
      assertThat(store.head().revision()).as("the slow one was written, the other not").isOne();
    }
  }

  private static Store impatient(String url) {
    Seal seal = new Seal(KEY, new SecureRandom());
    return SqlStore.open(Database.open(url), seal, Duration.ofMillis(50));
  }

  private static PostgresServer another() throws IOException, InterruptedException {
    assumeTrue(PostgresServer.shared().isPresent(), "no PostgreSQL binaries for this machine");
    return PostgresServer.shared().orElseThrow().another();
  }

  private static String at(int port) {
    return ",127.0.0.1:" + port + "/postgres?targetServerType=primary&";
  }

  private static StoreUnavailable failure(Store store) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      try {
        store.write(FailoverTest::append);
      } catch (StoreUnavailable unavailable) {
        return unavailable;
      }
      pause();
    }
    throw new AssertionError("it is written to all the same");
  }

  private static <T> T persistently(Supplier<T> work) throws InterruptedException {
    for (int i = 0; ; i++) {
      try {
        return work.get();
      } catch (StoreUnavailable unavailable) {
        if (i == 30) {
          throw unavailable;
        }
        pause();
      }
    }
  }

  private static void pause() throws InterruptedException {
    boolean _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long append(Transaction tx) {
    return tx.append(Kind.PUBLICATION, "E1", Optional.empty());
  }
}
