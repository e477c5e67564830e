package io.github.dydxgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.upstream.MessageIds.Kind;
import io.github.dydxgateway.upstream.MessageIds.Loss;
import org.junit.jupiter.api.Test;

class MessageIdsTest {
  private static final ChannelId BTC = new ChannelId(Channel.TRADES, "BTC-USD");
  private static final ChannelId ETH = new ChannelId(Channel.TRADES, "ETH-USD");
  private static final long DUE_NS = 10;

  private final MessageIds ids = new MessageIds();

  private void started() {
    ids.sessionStarted(0);
  }

  private void received(long... numbers) {
    for (long number : numbers) {
      ids.received(number);
    }
  }

  private void assertLost(long count, long first, long last) {
    assertThat(ids.hasLoss()).isTrue();
    assertThat(ids.takeLoss()).isEqualTo(new Loss(count, first, last));
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void aHoleIsALossWhereNoRequestExplainsIt() {
    started();
    received(1, 2, 5);
    assertLost(2, 3, 4);
  }

  @Test
  void aHoleWaitsForARequestSentBeforeIt() {
    started();
    received(1);
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(4);
    assertThat(ids.hasLoss()).isFalse();
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 3);
    assertLost(1, 2, 2);
  }

  @Test
  void aRequestSentAfterAHoleExplainsNothingOfIt() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(3);
    ids.sent(Kind.SUBSCRIBE, ETH, DUE_NS);
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 1);
    assertLost(1, 2, 2);
  }

  @Test
  void anAnswerUnderAnotherNumberExcusesOne() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(2, 3);
    ids.receivedError(BTC, 3);
    assertThat(ids.hasLoss()).isFalse();
    received(4);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void aRequestGivenUpExcusesTheHoleSeenBeforeOrAfterButOnlyOne() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(2);
    assertThat(ids.expiresInNs(4)).isEqualTo(6);
    ids.expire(10);
    assertThat(ids.hasLoss()).isFalse();

    ids.sent(Kind.UNSUBSCRIBE, BTC, 20);
    ids.expire(20);
    received(4);
    assertThat(ids.hasLoss()).isFalse();
    received(6);
    assertLost(1, 5, 5);
  }

  @Test
  void aLateAnswerToARequestGivenUpIsNotTakenForOneToTheNext() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS); // 1
    received(2);
    ids.expire(10);
    ids.sent(Kind.SUBSCRIBE, BTC, 20); // 3
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 1);
    received(4);
    assertThat(ids.hasLoss()).isFalse();
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 3);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void duplicatesAndMissingNumbersOfTheVenueChangeNothing() {
    ids.sessionStarted(-1);
    received(-1, -1, 7, 7, 8, 7, -1, 9);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void aNewSessionBeginsAnew() {
    started();
    received(1, 5);
    ids.sessionStarted(0);
    assertThat(ids.hasLoss()).isFalse();
    received(1);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void numbersFarApartAreAnotherCountAndOneLoss() {
    started();
    received(1, Long.MAX_VALUE);
    assertLost(1, 0, Long.MAX_VALUE);
    received(2);
    assertLost(1, 0, Long.MAX_VALUE);
    received(3, 4);
    assertThat(ids.hasLoss()).isFalse();
    received(4 + MessageIds.MAX_STEP);
    assertLost(MessageIds.MAX_STEP - 1, 5, 3 + MessageIds.MAX_STEP);
  }

  @Test
  void manyHolesAndManyRequestsAreBounded() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    for (int i = 1; i <= MessageIds.MAX_RANGES; i++) {
      ids.received(2L * i);
    }
    assertThat(ids.hasLoss()).isFalse();
    ids.received(2L * MessageIds.MAX_RANGES + 2);
    assertLost(1, 1, 1);

    for (int i = 0; i < 2 * MessageIds.MAX_REQUESTS; i++) {
      ids.sent(Kind.SUBSCRIBE, ETH, DUE_NS);
    }
    ids.received(2L * MessageIds.MAX_RANGES + 4); // the request that explained the holes is gone
    assertThat(ids.takeLoss().count()).isEqualTo(MessageIds.MAX_RANGES);
  }

  @Test
  void onALateLinkARequestGivenUpExcusesItsNumberWhenThatShows() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(1, 2);
    ids.expire(DUE_NS);
    received(3, 4, 6); // 1 to 4 were sent before the venue saw the request
    assertThat(ids.hasLoss()).isFalse();
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 5);
    received(7);
    assertThat(ids.hasLoss()).isFalse();
    received(9);
    assertLost(1, 8, 8);
  }

  @Test
  void anAnswerToALaterRequestEndsWhatOneGivenUpMayExcuse() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    ids.expire(DUE_NS);
    ids.sent(Kind.UNSUBSCRIBE, BTC, 2 * DUE_NS);
    received(1);
    ids.receivedAnswer(Kind.UNSUBSCRIBE, BTC, 2);
    received(4);
    assertLost(1, 3, 3);
  }

  @Test
  void anAnswerToALaterRequestShowsThatAHoleIsNoneOfAnEarlierOne() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    ids.sent(Kind.SUBSCRIBE, ETH, DUE_NS);
    ids.receivedAnswer(Kind.SUBSCRIBE, ETH, 2);
    received(4);
    assertLost(1, 3, 3);
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 1);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void anErrorProvesNothingOfEarlierRequests() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    ids.sent(Kind.SUBSCRIBE, ETH, DUE_NS);
    received(3);
    ids.receivedError(ETH, 3);
    received(5);
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void aRequestGivenUpExcusesNothingForEver() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    ids.expire(DUE_NS);
    long keptNs = MessageIds.KEPT.toNanos();
    assertThat(ids.expiresInNs(DUE_NS)).isEqualTo(keptNs);
    ids.expire(DUE_NS + keptNs);
    assertThat(ids.expiresInNs(DUE_NS + keptNs)).isEqualTo(Long.MAX_VALUE);
    received(2);
    assertLost(1, 1, 1);
  }

  @Test
  void aLateAnswerUnderAnotherNumberThanTheExcusedTellsThatThatWasLost() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    ids.expire(DUE_NS);
    received(2); // excused
    assertThat(ids.hasLoss()).isFalse();
    ids.receivedAnswer(Kind.SUBSCRIBE, BTC, 3);
    assertLost(1, 1, 1);
  }

  @Test
  void anExcusedNumberThatComesIsNew() {
    started();
    ids.sent(Kind.SUBSCRIBE, BTC, DUE_NS);
    received(2);
    ids.expire(DUE_NS);
    assertThat(ids.received(1)).isTrue();
    assertThat(ids.received(1)).isFalse();
    received(4); // and may excuse another
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void aCountThatBeginsAnewIsOneLoss() {
    ids.sessionStarted(1_000);
    for (int i = 1; i < MessageIds.MAX_REPEATS; i++) {
      assertThat(ids.received(2L * i)).isFalse();
    }
    assertThat(ids.hasLoss()).isFalse();
    assertThat(ids.received(50)).isTrue();
    assertLost(1, 0, Long.MAX_VALUE);
    assertThat(ids.received(51)).isTrue();
    assertThat(ids.received(51)).isFalse();
    assertThat(ids.hasLoss()).isFalse();
    received(53);
    assertLost(1, 52, 52);
  }

  @Test
  void whatComesTwiceAmongNewNumbersIsNoOtherCount() {
    started();
    for (int number = 1; number < 1_000; number++) {
      assertThat(ids.received(number)).isTrue();
      for (int again = Math.max(0, number - MessageIds.MAX_REPEATS + 2); again < number; again++) {
        assertThat(ids.received(again)).isFalse();
      }
    }
    assertThat(ids.hasLoss()).isFalse();
  }

  @Test
  void errorsThatRepeatANumberAndLateAnswersAreNoOtherCount() {
    ids.sessionStarted(1_000);
    for (int i = 1; i < 10 * MessageIds.MAX_REPEATS; i++) {
      ids.received(1_000);
      ids.receivedError(BTC, 1_000);
      ids.receivedAnswer(Kind.SUBSCRIBE, ETH, i);
    }
    assertThat(ids.hasLoss()).isFalse();
  }
}
