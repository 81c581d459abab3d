package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import warmfront.time.ManualClock;

final class LeaseTest {
  private static final Duration LENGTH = Duration.ofSeconds(10);

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final Lease lease = new Lease(clock);

  @Test
  void nobody_holds_a_lease_before_control_was_heard() {
    lease.applied(1, 7);

    assertThat(lease.held()).isFalse();
  }

  @Test
  void a_lease_counts_from_what_was_said_not_from_the_answer() {
    long said = clock.nanos();
    clock.advance(Duration.ofSeconds(4));
    lease.applied(1, 7);
    lease.grant(grant(7, said));

    clock.advance(Duration.ofMillis(5_999));
    assertThat(lease.held()).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(lease.held()).isFalse();
  }

  @Test
  void a_grant_is_worth_nothing_until_the_log_is_applied_up_to_it() {
    lease.applied(1, 6);
    lease.grant(grant(7, clock.nanos()));
    assertThat(lease.held()).isFalse();

    lease.applied(1, 7);
    assertThat(lease.held()).isTrue();
  }

  @Test
  void a_server_that_is_always_a_little_behind_is_as_fresh_as_what_it_reached() {
    for (int revision = 1; revision <= 30; revision++) {
      lease.grant(grant(revision, clock.nanos()));
      lease.applied(1, revision - 1);
      clock.advance(Duration.ofSeconds(1));
      assertThat(lease.held()).as("at revision %d", revision).isEqualTo(revision > 1);
    }
  }

  @Test
  void the_same_revision_of_another_epoch_is_another_log() {
    lease.applied(1, 7);
    lease.grant(new Lease.Grant(2, 7, clock.nanos(), LENGTH));
    assertThat(lease.held()).isFalse();

    lease.applied(2, 7);
    assertThat(lease.held()).isTrue();
  }

  @Test
  void a_wall_clock_that_jumps_changes_nothing() {
    lease.applied(1, 7);
    lease.grant(grant(7, clock.nanos()));

    clock.jump(Duration.ofHours(2));
    assertThat(lease.held()).isTrue();
    clock.jump(Duration.ofHours(-4));
    clock.advance(LENGTH);
    assertThat(lease.held()).isFalse();
  }

  private static Lease.Grant grant(long revision, long said) {
    return new Lease.Grant(1, revision, said, LENGTH);
  }
}
