package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class FieldNamesTest {
  private static final int LOOKS = 10_000;

  @Test
  void a_name_is_among_them_in_any_case() {
    FieldNames names = FieldNames.of("Connection", "te", "Keep-Alive");

    for (String name : List.of("Connection", "te", "Keep-Alive")) {
      assertThat(names.has(name)).isTrue();
      assertThat(names.has(name.toLowerCase(Locale.ROOT))).isTrue();
      assertThat(names.has(name.toUpperCase(Locale.ROOT))).isTrue();
    }
  }

  @Test
  void other_names_are_not_though_they_begin_and_end_alike() {
    FieldNames names = FieldNames.of("Connection", "te", "Keep-Alive");

    for (String name : List.of("", "t", "tE2", "Concection", "Keep_Alive", "Connections")) {
      assertThat(names.has(name)).as(name).isFalse();
    }
    assertThat(FieldNames.of().has("te")).isFalse();
  }

  @Test
  void looking_a_name_up_makes_nothing() {
    FieldNames names = FieldNames.of("Connection", "te", "Keep-Alive");
    look(names);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    look(names);

    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / LOOKS).isZero();
  }

  private static void look(FieldNames names) {
    for (int i = 0; i < LOOKS; i++) {
      if (!names.has("KEEP-ALIVE") || names.has("Cache-Control")) {
        throw new AssertionError("not what was put in");
      }
    }
  }

  @Test
  void many_that_are_alike_are_all_found() {
    List<String> alike = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      alike.add("x-%03d-y".formatted(i));
    }

    FieldNames names = FieldNames.of(alike);

    assertThat(alike).allMatch(names::has);
    assertThat(names.has("x-100-y")).isFalse();
  }
}
