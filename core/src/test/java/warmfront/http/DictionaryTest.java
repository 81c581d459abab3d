package warmfront.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.http.Dictionary.Member;

final class DictionaryTest {
  @Test
  void members_have_types_and_the_last_of_a_name_counts() {
    Optional<Map<String, Member>> read =
        Dictionary.parse(
            " max-age=60;a;b=1 ,\tno-store, x=?0, y=\"a \\\"b\\\\\", z=tok/en:1, d=-1.5,"
                + " l=(1 \"b\";p  c);q, b=:aGk=:, *k=-7,max-age=61  ");

    assertThat(read.orElseThrow())
        .isEqualTo(
            Map.of(
                "max-age",
                new Member.Whole(61),
                "no-store",
                new Member.Flag(true),
                "x",
                new Member.Flag(false),
                "y",
                new Member.Text("a \"b\\"),
                "z",
                new Member.Text("tok/en:1"),
                "d",
                new Member.Other(),
                "l",
                new Member.Other(),
                "b",
                new Member.Other(),
                "*k",
                new Member.Whole(-7)));
    assertThat(Dictionary.parse("   ")).contains(Map.of());
  }

  @Test
  void what_is_not_in_the_form_makes_the_whole_invalid() {
    for (String wrong :
        List.of(
            "max-age=60, &&&&&",
            "Max-Age=60",
            "max-age =60",
            "max-age= 60",
            "max-age=60,",
            ",max-age=60",
            "a b",
            "a=1234567890123456",
            "a=1234567890123.1",
            "a=1.2345",
            "a=1.",
            "a=-",
            "a=\"x",
            "a=\"\\x\"",
            "a=\"\u00e9\"",
            "a=?2",
            "a=:x",
            "a=(1",
            "a=(1\"b\")",
            "a;=1",
            "a;B",
            "a=@1")) {
      assertThat(Dictionary.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void any_text_is_read_without_an_error() {
    Random random = new Random(12);
    String alphabet = "ab*-=;,()\"\\?01: .\t:/A";
    int valid = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(12); left > 0; left--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      valid += Dictionary.parse(text.toString()).isPresent() ? 1 : 0;
    }
    assertThat(valid).isBetween(100, 49_000);
  }
}
