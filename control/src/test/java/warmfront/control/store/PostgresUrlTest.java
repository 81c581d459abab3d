package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresUrlTest {
  @Test
  void several_hosts_are_tried_in_their_order_for_the_one_that_takes_writes() {
    PostgresUrl url =
        PostgresUrl.parse(
            "postgresql://us%40er:p%2Fa+ss:@db1.example:5433,192.0.2.7,[2001:db8::1]:6000/cdn"
                + "?sslmode=verify-full&targetServerType=primary");

    assertThat(url.user()).contains("us@er");
    assertThat(url.password()).contains("p/a+ss:");
    assertThat(url.hosts())
        .containsExactly(
            new PostgresUrl.Host("db1.example", 5433),
            new PostgresUrl.Host("192.0.2.7", 5432),
            new PostgresUrl.Host("[2001:db8::1]", 6000));
    assertThat(url.database()).isEqualTo("cdn");
    assertThat(url.options())
        .isEqualTo(Map.of("sslmode", "verify-full", "targetServerType", "primary"));
  }

  @Test
  void one_host_without_anything_else_is_enough() {
    assertThat(PostgresUrl.parse("postgresql://db.example/cdn"))
        .isEqualTo(
            new PostgresUrl(
                Optional.empty(),
                Optional.empty(),
                List.of(new PostgresUrl.Host("db.example", 5432)),
                "cdn",
                Map.of("targetServerType", "primary")));
  }

  @Test
  void it_is_shown_without_who_connects_and_without_options() {
    assertThat(PostgresUrl.parse("postgresql://u:hidden@a:1,b:2/cdn?sslpassword=hidden"))
        .hasToString("postgresql://a:1,b:2/cdn");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://u:hidden@h/d | it begins otherwise",
        "postgresql://u:hidden@h | no /DATABASE at its end",
        "postgresql://u:hidden@h/ | no /DATABASE at its end",
        "postgresql://u:hidden@/d | hosts are HOST or HOST:PORT",
        "postgresql://u:hidden@a,,b/d | hosts are HOST or HOST:PORT",
        "postgresql://u:hidden@a:b/d | hosts are HOST or HOST:PORT",
        "postgresql://u:hidden@a:0/d | a port is 1 to 65535: 0",
        "postgresql://u:hidden@a:70000/d | a port is 1 to 65535: 70000",
        "postgresql://u:hidden@a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a/d | 16 hosts at most",
        "postgresql://u:hidden%@a/d | a percent sign",
        "postgresql://a/d?password=hidden | user and password stand before the hosts",
        "postgresql://u:hidden@a/d?sslmod=x | the driver knows no option sslmod",
        "postgresql://u:hidden@a/d?sslmode=a&sslmode=b | the option sslmode is given twice",
        "postgresql://u:hidden@a/d?targetServerType=any | targetServerType is primary",
      })
  void a_mistake_is_named_and_the_password_is_not(String text, String message) {
    assertThatThrownBy(() -> PostgresUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hidden");
  }

  @Test
  @Tag("full")
  void a_server_that_is_not_there_is_named_without_the_password() throws Exception {
    int nobody = PostgresServer.freePort();

    assertThatThrownBy(() ->
            Database.open("postgresql://me:hidden@127.0.0.1:" + nobody + "/cdn?socketTimeout=3"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("postgresql://127.0.0.1:" + nobody + "/cdn")
        .hasMessageNotContaining("hidden");
  }
}
