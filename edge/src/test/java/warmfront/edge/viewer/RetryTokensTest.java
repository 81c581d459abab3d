package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warmfront.time.ManualClock;

final class RetryTokensTest {
  private static final InetSocketAddress VIEWER = new InetSocketAddress("192.0.2.1", 4000);
  private static final int WRONG = -1;

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private boolean crowd = true;
  private final RetryTokens tokens = new RetryTokens(clock, new SplittableRandom(1), () -> crowd);

  @Test
  void a_token_gives_the_first_connection_id_back() {
    ByteBuf id = Unpooled.copiedBuffer(Ascii.bytes("first-id"));
    ByteBuf token = Unpooled.buffer(tokens.maxTokenLength());

    assertThat(tokens.writeToken(token, id, VIEWER)).isTrue();

    int offset = tokens.validateToken(token, VIEWER);
    assertThat(token.slice(offset, token.readableBytes() - offset)).isEqualTo(id);
    assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
  }

  @Test
  void without_a_crowd_nobody_is_asked() {
    crowd = false;

    assertThat(tokens.writeToken(Unpooled.buffer(), Unpooled.buffer(), VIEWER)).isFalse();
  }

  @Test
  void a_token_is_of_one_address_and_port() {
    ByteBuf token = token();

    assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.2", 4000)))
        .isEqualTo(WRONG);
    assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.1", 4001)))
        .isEqualTo(WRONG);
  }

  @Test
  void a_token_ends_after_ten_seconds() {
    ByteBuf token = token();

    clock.advance(Duration.ofSeconds(10));
    assertThat(tokens.validateToken(token, VIEWER)).isPositive();
    clock.advance(Duration.ofNanos(1));
    assertThat(tokens.validateToken(token, VIEWER)).isEqualTo(WRONG);
  }

  @Test
  void a_token_with_any_other_bit_or_length_is_wrong() {
    ByteBuf token = token();
    for (int i = 0; i < token.readableBytes(); i++) {
      ByteBuf other = token.copy();
      other.setByte(i, other.getByte(i) ^ 1);
      assertThat(tokens.validateToken(other, VIEWER)).as("byte %d", i).isEqualTo(WRONG);
    }
    for (int i = 0; i < token.readableBytes(); i++) {
      assertThat(tokens.validateToken(token.slice(0, i), VIEWER)).as("%d", i).isEqualTo(WRONG);
    }
    assertThat(
            tokens.validateToken(
                Unpooled.wrappedBuffer(token, Unpooled.buffer().writeZero(30)), VIEWER))
        .isEqualTo(WRONG);
  }

  @Test
  void a_token_is_of_one_loop() {
    RetryTokens others = new RetryTokens(clock, new SplittableRandom(2), () -> true);

    assertThat(others.validateToken(token(), VIEWER)).isEqualTo(WRONG);
  }

  private ByteBuf token() {
    clock.advance(Duration.ofHours(1));
    ByteBuf token = Unpooled.buffer(tokens.maxTokenLength());
    tokens.writeToken(token, Unpooled.copiedBuffer(Ascii.bytes("first-id")), VIEWER);
    return token;
  }
}
