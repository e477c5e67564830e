package io.github.dydxgateway.feed;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.TestGateway;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One story of the venue, told by two connections at paces of their own, of which never both are
 * broken at once: one breaks only while the other could take over.
 */
final class TwoCopies {
  private final TestGateway gateway;
  private final Channel channel;
  private final String id;
  private final IntFunction<String> stateAfter;
  private final IntFunction<String> update;
  private final int[] told = new int[2];
  private final boolean[] isBroken = new boolean[2];
  private final int[] stateWas = new int[2];
  private boolean repeats;
  private int happened;

  /**
   * @param stateAfter the state after so many updates
   * @param update the update of that number, from 1
   */
  TwoCopies(
      TestGateway gateway,
      Channel channel,
      String id,
      IntFunction<String> stateAfter,
      IntFunction<String> update) {
    this.gateway = gateway;
    this.channel = channel;
    this.id = id;
    this.stateAfter = stateAfter;
    this.update = update;
  }

  /** Lets the venue send updates again, as it does after a failure of its own. */
  TwoCopies repeating() {
    repeats = true;
    return this;
  }

  /** Begins with these many updates in the states of the copies. */
  void start(int first, int second) {
    happened = Math.max(first, second);
    state(0, first);
    state(1, second);
  }

  /** Lets these things happen, and at last both copies tell all. */
  void run(List<Integer> steps) {
    steps.forEach(this::step);
    for (int copy = 0; copy < 2; copy++) {
      if (isBroken[copy]) {
        state(copy, happened);
      }
      tellAll(copy);
    }
  }

  /** How many updates there were. */
  int happened() {
    return happened;
  }

  private void step(int number) {
    int copy = number / 8 % 2;
    switch (number % 8) {
      case 0, 1, 2 -> happened++;
      case 3 -> tellNext(copy);
      case 4 -> {
        tellNext(copy);
        if (repeats) {
          tellAgain(copy, number / 16 % 5);
        }
      }
      case 5 -> tellAll(copy);
      case 6 -> {
        if (gateway.feedCounters().missingCopies(channel) == 0) {
          isBroken[copy] = true;
          gateway.venue().copy(copy).interrupt(channel, id, "connection lost");
        }
      }
      default -> {
        if (isBroken[copy]) {
          state(copy, told[copy] + number / 16 % (happened - told[copy] + 1));
        } else if (told[0] == happened && told[1] == happened) {
          gateway.advance(Duration.ofSeconds(11));
        }
      }
    }
  }

  private void state(int copy, int after) {
    isBroken[copy] = false;
    told[copy] = after;
    stateWas[copy] = after;
    gateway.venue().copy(copy).initialState(channel, id, stateAfter.apply(after));
  }

  private void tellAll(int copy) {
    while (!isBroken[copy] && told[copy] < happened) {
      tellNext(copy);
    }
  }

  /** The venue sends what it sent since the last state once more. */
  private void tellAgain(int copy, int count) {
    int first = Math.max(stateWas[copy] + 1, told[copy] - count + 1);
    for (int number = first; !isBroken[copy] && number <= told[copy]; number++) {
      gateway.venue().copy(copy).update(channel, id, update.apply(number));
    }
  }

  private void tellNext(int copy) {
    if (!isBroken[copy] && told[copy] < happened) {
      told[copy]++;
      gateway.venue().copy(copy).update(channel, id, update.apply(told[copy]));
    }
  }
}
