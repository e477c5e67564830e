package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.RecordingClient;
import io.github.dydxgateway.testing.TestGateway;
import io.github.dydxgateway.testing.Topics;
import io.github.dydxgateway.v1.Event;
import io.github.dydxgateway.v1.Event.PayloadCase;
import io.github.dydxgateway.v1.SubaccountSnapshot;
import io.github.dydxgateway.v1.SubaccountUpdate;
import io.github.dydxgateway.v1.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * An account or parent account behind a gateway, with a client that has streamed it from the
 * beginning. What the venue sends comes on every line.
 */
final class TestAccount {
  static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String ID = ADDRESS + "/0";

  private final int lines;
  private final Channel channel;
  private final Topic topic;
  private final TestGateway gateway;
  private final RecordingClient client;

  private TestAccount(int lines, Channel channel, Topic topic) {
    this.lines = lines;
    this.channel = channel;
    this.topic = topic;
    this.gateway =
        new TestGateway(
            new PrivateAccounts(List.of(new PrivateAccounts.Account(ADDRESS, Set.of(), ""))),
            lines);
    this.client = gateway.client(topic);
  }

  static TestAccount subaccount(int lines) {
    return new TestAccount(lines, Channel.SUBACCOUNTS, Topics.subaccount(ADDRESS, 0));
  }

  static TestAccount parent(int lines) {
    return new TestAccount(lines, Channel.PARENT_SUBACCOUNTS, Topics.parentSubaccount(ADDRESS, 0));
  }

  /** The venue's state comes on all lines, and they are in step. */
  TestAccount state(String contents) {
    for (int line = 0; line < lines; line++) {
      gateway.venue().copy(line).initialState(channel, ID, contents);
    }
    gateway.advance(Duration.ofSeconds(11));
    client.take();
    return this;
  }

  TestAccount live() {
    return state("{'subaccount':{'address':'" + ADDRESS + "'},'orders':[],'blockHeight':'1000'}");
  }

  void update(String contents) {
    for (int line = 0; line < lines; line++) {
      gateway.venue().copy(line).update(channel, ID, contents);
    }
  }

  void batch(String... contents) {
    for (int line = 0; line < lines; line++) {
      gateway.venue().copy(line).batch(channel, ID, contents);
    }
  }

  void updateOfChild(int number, String contents) {
    for (int line = 0; line < lines; line++) {
      gateway.venue().copy(line).updateOfChild(ID, number, contents);
    }
  }

  /** A block of the chain, after the first of which the height is known. */
  void block(long height) {
    for (int line = 0; line < lines; line++) {
      gateway
          .venue()
          .copy(line)
          .update(Channel.BLOCK_HEIGHT, "", "{'blockHeight':'" + height + "'}");
    }
  }

  void firstBlock(long height) {
    for (int line = 0; line < lines; line++) {
      gateway
          .venue()
          .copy(line)
          .initialState(Channel.BLOCK_HEIGHT, "", "{'height':'" + height + "'}");
    }
  }

  void interrupt() {
    for (int line = 0; line < lines; line++) {
      gateway.venue().copy(line).interrupt(channel, ID, "connection lost");
    }
  }

  TestGateway gateway() {
    return gateway;
  }

  RecordingClient client() {
    return client;
  }

  /** The updates since the last look. */
  List<SubaccountUpdate> updates() {
    return client.take().stream()
        .filter(event -> event.getPayloadCase() == PayloadCase.SUBACCOUNT_UPDATE)
        .map(Event::getSubaccountUpdate)
        .toList();
  }

  /** What a client gets that joins now. */
  SubaccountSnapshot late() {
    RecordingClient late = gateway.client(topic);
    List<Event> events = late.take();
    late.leave();
    assertThat(events).hasSize(2);
    return events.get(1).getSubaccountSnapshot();
  }

  long repeatedRecords() {
    return gateway.feedCounters().repeatedRecords(channel);
  }
}
