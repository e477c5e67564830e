package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VenueMessageTest {
  private static final String HEAD =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

  @Test
  void framesAreReadHoweverTheirBytesCome() {
    VenueMessage one = VenueMessage.text("{\"type\":\"connected\"}");
    VenueMessage two = VenueMessage.text("x".repeat(70_000));
    VenueMessage ping = new VenueMessage(VenueMessage.Kind.PING, new byte[0]);
    Buffer all =
        Buffer.buffer(HEAD)
            .appendBuffer(one.frame())
            .appendBuffer(two.firstFrame(5))
            .appendBuffer(ping.frame())
            .appendBuffer(two.nextFrame(5, 5))
            .appendBuffer(two.nextFrame(5, 70_000));
    for (int piece : new int[] {1, 7, 1000, all.length()}) {
      VenueMessage.Reader reader = new VenueMessage.Reader();
      List<VenueMessage> messages = new ArrayList<>();
      List<Buffer> heads = new ArrayList<>();
      for (int at = 0; at < all.length(); at += piece) {
        Buffer head = reader.head(all.getBuffer(at, Math.min(all.length(), at + piece)), messages);
        if (head != null) {
          heads.add(head);
        }
      }
      reader.close();
      assertThat(heads).containsExactly(Buffer.buffer(HEAD));
      assertThat(messages.stream().filter(m -> m.kind() == VenueMessage.Kind.TEXT))
          .extracting(message -> new String(message.bytes(), StandardCharsets.UTF_8))
          .containsExactly(one.text(), two.text());
      assertThat(messages).filteredOn(m -> m.kind() == VenueMessage.Kind.PING).hasSize(1);
    }
  }
}
