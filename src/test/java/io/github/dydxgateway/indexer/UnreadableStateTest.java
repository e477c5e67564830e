package io.github.dydxgateway.indexer;

import static io.github.dydxgateway.indexer.Reading.malformed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The venue answers a subscribe with {@code subscribed} even where it could not fetch the state.
 */
class UnreadableStateTest {
  private static final List<String> NO_STATES =
      List.of(
          ",\"contents\":null",
          ",\"contents\":\"\"",
          ",\"contents\":\"<html>502 Bad Gateway</html>\"",
          ",\"contents\":[]",
          ",\"contents\":5",
          ",\"contents\":false",
          "");

  static List<Arguments> answersWithoutAState() {
    List<Arguments> answers = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      NO_STATES.forEach(contents -> answers.add(Arguments.of(channel, contents)));
      if (channel != Channel.SUBACCOUNTS && channel != Channel.PARENT_SUBACCOUNTS) {
        answers.add(Arguments.of(channel, ",\"contents\":{}"));
        answers.add(Arguments.of(channel, ",\"contents\":{\"errors\":[{\"msg\":\"no\"}]}"));
      }
    }
    answers.add(Arguments.of(Channel.ORDER_BOOK, ",\"contents\":{\"bids\":null,\"asks\":null}"));
    answers.add(Arguments.of(Channel.MARKETS, ",\"contents\":{\"markets\":null}"));
    answers.add(Arguments.of(Channel.MARKETS, ",\"contents\":{\"oraclePrices\":{}}"));
    return answers;
  }

  private static String subscribed(Channel channel, String contents) {
    return "{\"type\":\"subscribed\",\"connection_id\":\"c\",\"message_id\":7,\"channel\":\""
        + channel.wireName()
        + "\",\"id\":\""
        + (channel.hasId() ? "X/1" : channel.wireName())
        + "\""
        + contents
        + "}";
  }

  @ParameterizedTest(name = "{0}{1}")
  @MethodSource("answersWithoutAState")
  void anAnswerWithoutAStateIsMalformedAndKnownAsTheAnswer(Channel channel, String contents) {
    MalformedFrameException problem = malformed(subscribed(channel, contents));
    assertThat(problem.isInitialState()).isTrue();
    assertThat(problem.channelId())
        .isEqualTo(channel.hasId() ? new ChannelId(channel, "X/1") : ChannelId.of(channel));
    assertThat(problem.messageId()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(names = {"SUBACCOUNTS", "PARENT_SUBACCOUNTS"})
  void anAccountNeverFundedHasAnEmptyState(Channel channel) {
    byte[] frame = subscribed(channel, ",\"contents\":{}").getBytes(StandardCharsets.UTF_8);
    assertThatCode(() -> new FrameReader().read(frame, 0, frame.length)).doesNotThrowAnyException();
  }
}
