package io.github.dydxgateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.IndexerFrame.ChannelData;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamPartsTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");

  @Test
  void logTextShortensAddressesWhereverTheyStand() {
    ChannelId account =
        new ChannelId(Channel.SUBACCOUNTS, "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/0");
    assertThat(LogText.of(account)).isEqualTo("v4_subaccounts dydx199t…nju4/0");
    assertThat(LogText.of("(v4_subaccounts-dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4/0)\n"))
        .isEqualTo("(v4_subaccounts-dydx199t…nju4/0) ");
    assertThat(LogText.of(BTC)).isEqualTo("v4_trades BTC-USD");
  }

  @Test
  void logThrottleLetsOneThroughPerIntervalAndCountsTheRest() {
    LogThrottle throttle = new LogThrottle(Duration.ofNanos(10));
    assertThat(throttle.allows(100)).isTrue();
    assertThat(throttle.allows(109)).isFalse();
    assertThat(throttle.allows(110)).isTrue();
    assertThat(throttle.takeSuppressed()).isEqualTo(1);
    assertThat(throttle.takeSuppressed()).isZero();
  }

  @Test
  void heldFramesAreBoundedInNumberAndBytes() {
    ChannelData frame = new ChannelData(1, BTC, -1, List.of());
    HeldFrames held = new HeldFrames();
    for (int i = 0; i < HeldFrames.MAX_FRAMES; i++) {
      assertThat(held.add(frame, 0, 1)).isTrue();
    }
    assertThat(held.add(frame, 0, 1)).isFalse();
    assertThat(held.take()).hasSize(HeldFrames.MAX_FRAMES);
    assertThat(held.take()).isEmpty();

    assertThat(held.add(frame, 0, (int) HeldFrames.MAX_BYTES)).isTrue();
    assertThat(held.add(frame, 0, 1)).isFalse();
  }

  @Test
  void assemblerGrowsUpToItsMaximumAndRecoversFromLongerMessages() {
    MessageAssembler assembler = new MessageAssembler(100_000);
    assembler.begin();
    assembler.append(Unpooled.wrappedBuffer(new byte[60_000]));
    assembler.append(Unpooled.wrappedBuffer(new byte[40_000]));
    assertThat(assembler.isTooLong()).isFalse();
    assertThat(assembler.length()).isEqualTo(100_000);
    assembler.append(Unpooled.copiedBuffer("x", UTF_8));
    assertThat(assembler.isTooLong()).isTrue();

    assembler.begin();
    assembler.append(Unpooled.copiedBuffer("ab", UTF_8));
    assertThat(assembler.isTooLong()).isFalse();
    assertThat(new String(assembler.bytes(), 0, assembler.length(), UTF_8)).isEqualTo("ab");
  }

  @Test
  void settingsNameTheWrongValue() {
    assertThatThrownBy(() -> UpstreamSettings.defaults(URI.create("http://example.org")))
        .hasMessageContaining("ws://")
        .hasMessageContaining("http://example.org");
  }

  @Test
  void closedIsTheEndOfAConnection() {
    for (ConnectionState next : ConnectionState.values()) {
      assertThat(ConnectionState.CLOSED.mayBecome(next)).isFalse();
      assertThat(next.mayBecome(ConnectionState.CONNECTING)).isFalse();
    }
  }
}
