package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One process does it at a time, and a former one writes nothing. */
final class LeadTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

  @TempDir private Path folder;

  private Store open(Kept kept) {
    return Store.open(kept.url(folder), KEY);
  }

  @Test
  void of_several_processes_one_has_it_until_it_gives_it_up() throws InterruptedException {
    try (Store here = open(Kept.POSTGRESQL);
        Store there = open(Kept.POSTGRESQL)) {
      Lead one = here.lead("task");
      Lead other = there.lead("task");

      assertThat(one.hold()).isTrue();
      assertThat(other.hold()).isFalse();
      assertThat(there.lead("another task").hold()).isTrue();
      assertThat(one.hold()).isTrue();
      assertThat(one.write(LeadTest::mark)).contains(true);

      one.close();
      assertThat(other.hold()).isTrue();
      assertThat(one.hold()).isFalse();
    }
  }

  @Test
  void the_end_of_a_process_is_the_end_of_its_lead() throws InterruptedException {
    try (Store there = open(Kept.POSTGRESQL)) {
      Lead other = there.lead("task");
      try (Store here = open(Kept.POSTGRESQL)) {
        assertThat(here.lead("task").hold()).isTrue();
        assertThat(other.hold()).isFalse();
      }

      hold(other, Duration.ofSeconds(5));
    }
  }

  @Test
  void what_a_former_holder_writes_is_refused() throws Exception {
    try (Store here = open(Kept.POSTGRESQL);
        Store there = open(Kept.POSTGRESQL)) {
      Lead paused = here.lead("task");
      Lead other = there.lead("task");
      assertThat(paused.hold()).isTrue();
      PostgresServer.shared().orElseThrow().endHoldersOfLocks();
      hold(other, Duration.ofSeconds(5));

      // It does not know yet, and has something to write.
      Optional<Boolean> written = paused.write(LeadTest::mark);

      assertThat(written).isEmpty();
      assertThat(here.<Optional<Row>>read(tx -> tx.find("mark", "1"))).isEmpty();
      assertThat(paused.hold()).isFalse();
      assertThat(other.write(LeadTest::mark)).contains(true);
      assertThat(other.hold()).isTrue();
    }
  }

  @Test
  void fleets_in_one_database_have_leads_of_their_own() throws Exception {
    Path another = Files.createDirectory(folder.resolve("another"));
    try (Store here = open(Kept.POSTGRESQL);
        Store there = Store.open(Kept.POSTGRESQL.url(another), KEY)) {
      assertThat(here.lead("task").hold()).isTrue();
      assertThat(there.lead("task").hold()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void a_holder_that_says_nothing_loses_it() throws InterruptedException {
    try (Store here = open(Kept.POSTGRESQL);
        Store there = open(Kept.POSTGRESQL)) {
      Lead silent = here.lead("task");
      Lead other = there.lead("task");
      assertThat(silent.hold()).isTrue();

      hold(other, Lead.SILENCE_MAX.plusSeconds(10));

      assertThat(silent.write(LeadTest::mark)).isEmpty();
      assertThat(silent.hold()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_next_process_has_it_and_not_the_one_before(Kept kept) {
    try (Store here = open(kept);
        Store there = open(kept)) {
      Lead before = here.lead("task");
      assertThat(before.hold()).isTrue();
      assertThat(before.write(LeadTest::mark)).contains(true);
      before.close();

      Lead next = there.lead("task");
      assertThat(next.hold()).isTrue();

      assertThat(next.write(tx -> true)).contains(true);
      assertThat(before.write(tx -> true)).isEmpty();
      assertThat(before.hold()).isFalse();
      assertThat(next.hold()).isTrue();
    }
  }

  private static void hold(Lead lead, Duration within) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (long left = within.toMillis(); left > 0 && !lead.hold(); left -= 20) {
      never.await(20, TimeUnit.MILLISECONDS);
    }
    assertThat(lead.hold()).isTrue();
  }

  private static boolean mark(Transaction tx) {
    tx.insert(new Row("mark", "1", "", "", "", Instant.EPOCH, Instant.EPOCH, 0, ""));
    return true;
  }
}
