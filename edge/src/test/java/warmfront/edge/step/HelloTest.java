package warmfront.edge.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Fingerprints by the examples of those who thought them up. */
final class HelloTest {
  private static final int[] NONE = {};

  private static Hello.Offers offers(String protocol) {
    return new Hello.Offers(NONE, NONE, NONE, NONE, protocol);
  }

  @Test
  void ja3_is_the_digest_of_decimal_lists() {
    Hello hello =
        new Hello(
            769,
            new int[] {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4},
            new int[] {0, 10, 11},
            new Hello.Offers(new int[] {23, 24, 25}, new int[] {0}, NONE, NONE, ""));

    assertThat(hello.ja3()).isEqualTo("ada70206e40642a3e4461f35503241d5");
  }

  @Test
  void ja4_sorts_what_a_browser_shuffles_and_leaves_out_its_grease() {
    int[] ciphers = {
      0x2a2a, 0x1303, 0x1301, 0x1302, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
      0xc014, 0x009c, 0x009d, 0x002f, 0x0035
    };
    int[] extensions = {
      0x5a5a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023,
      0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xdada
    };
    int[] signatures = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    int[] versions = {0x6a6a, 0x0304, 0x0303};

    Hello hello =
        new Hello(
            0x0303, ciphers, extensions, new Hello.Offers(NONE, NONE, signatures, versions, "h2"));

    assertThat(hello.ja4()).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(hello.ja4()).isSameAs(hello.ja4());
  }

  @Test
  void ja4_says_what_is_missing() {
    Hello bare = new Hello(0x0301, NONE, NONE, offers(""));

    assertThat(bare.ja4()).isEqualTo("t10i000000_000000000000_000000000000");
    assertThat(new Hello(0x0777, NONE, NONE, offers("")).ja4()).startsWith("t00i");
  }

  @Test
  void ja4_shows_the_ends_of_a_protocol_in_hexadecimal_where_they_are_no_letters() {
    assertThat(new Hello(0x0303, NONE, NONE, offers("http/1.1")).ja4()).startsWith("t12i0000h1_");
    assertThat(new Hello(0x0303, NONE, NONE, offers("\u00ab")).ja4()).startsWith("t12i0000ab_");
    assertThat(new Hello(0x0303, NONE, NONE, offers("0\u00ab\u00cd")).ja4())
        .startsWith("t12i00003d_");
  }

  @Test
  void more_than_99_of_a_thing_are_99() {
    int[] many = new int[120];
    for (int i = 0; i < many.length; i++) {
      many[i] = 100 + i;
    }

    assertThat(new Hello(0x0303, many, many, offers("h2")).ja4()).startsWith("t12i9999h2_");
  }
}
