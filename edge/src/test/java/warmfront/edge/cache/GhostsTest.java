package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class GhostsTest {
  private static final long KIB = 1024;

  private final Ghosts ghosts = new Ghosts(1000 * KIB);

  @Test
  void it_knows_who_left_and_forgets_it_when_asked() {
    ghosts.add(5, KIB);

    assertThat(ghosts.remove(6)).isFalse();
    assertThat(ghosts.remove(5)).isTrue();
    assertThat(ghosts.remove(5)).isFalse();
  }

  @Test
  void an_object_is_forgotten_when_so_many_bytes_have_left_after_it() {
    ghosts.add(1, KIB);
    ghosts.add(2, KIB);
    ghosts.add(3, 999 * KIB);

    assertThat(ghosts.remove(1)).isTrue();

    ghosts.add(4, 2 * KIB);
    assertThat(ghosts.remove(2)).isFalse();
    assertThat(ghosts.remove(3)).isTrue();
  }

  @Test
  void more_than_the_table_holds_push_out_the_eldest() {
    Ghosts many = new Ghosts(16 * 1024 * KIB); // a table of 8192
    LongStream.rangeClosed(1, 16_384).forEach(id -> many.add(id, KIB));

    long old = LongStream.rangeClosed(1, 4096).filter(many::remove).count();
    long recent = LongStream.rangeClosed(15_361, 16_384).filter(many::remove).count();

    assertThat(old).isLessThan(400);
    assertThat(recent).isGreaterThan(1000);
  }

  @Test
  void nothing_is_held_before_something_left() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Ghosts large = new Ghosts(Long.MAX_VALUE);
    boolean known = large.remove(1);
    long made = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(known).isFalse();
    assertThat(made).isLessThan(4 * KIB);
    large.add(1, KIB);
    assertThat(large.remove(1)).isTrue();
  }

  @Test
  void a_disk_admits_all_while_it_has_room_then_what_is_asked_for_twice() {
    Admission admission = new Admission(1000 * KIB);

    assertThat(admission.onFetched(1, KIB, false)).isTrue();
    assertThat(admission.onFetched(2, KIB, true)).isFalse();
    assertThat(admission.onFetched(2, KIB, true)).isTrue();
    assertThat(admission.onFetched(2, KIB, true)).isFalse();
    assertThat(Admission.onLeaving(0, true)).isFalse();
    assertThat(Admission.onLeaving(1, true)).isTrue();
    assertThat(Admission.onLeaving(0, false)).isTrue();
  }
}
