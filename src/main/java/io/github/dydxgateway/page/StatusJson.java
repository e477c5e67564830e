package io.github.dydxgateway.page;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.dydxgateway.access.Rights;
import io.github.dydxgateway.instrument.Instrument;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.Topic;
import io.github.dydxgateway.stream.TopicRegistry;
import io.github.dydxgateway.v1.ConnectionStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What the gateway is doing, and its instruments, as JSON. May be used from any thread. */
final class StatusJson {
  /** Topics told, the busiest by clients first; the page is no place for thousands. */
  static final int MOST_TOPICS = 200;

  private final PageStatus status;
  private final TopicRegistry topics;
  private final StreamRegistry streams;
  private final InstrumentCache instruments;
  private final Clock clock;

  StatusJson(
      PageStatus status,
      TopicRegistry topics,
      StreamRegistry streams,
      InstrumentCache instruments,
      Clock clock) {
    this.status = status;
    this.topics = topics;
    this.streams = streams;
    this.instruments = instruments;
    this.clock = clock;
  }

  /** A count that does not change while topics are sorted by it. */
  private record Counted(Topic topic, int subscribers) {}

  /**
   * The state as of now. Addresses of accounts are shortened.
   *
   * @param pageStreams how many of the streams are browsers'
   * @param rights topics that they do not allow are left out
   */
  byte[] status(int pageStreams, Rights rights) {
    List<Topic> open =
        topics.topics().stream().filter(topic -> rights.allows(topic.key().message())).toList();
    List<Topic> told =
        open.stream()
            .map(topic -> new Counted(topic, topic.subscriberCount()))
            .sorted(Comparator.comparingInt(Counted::subscribers).reversed())
            .limit(MOST_TOPICS)
            .map(Counted::topic)
            .sorted(Comparator.comparing(topic -> topic.key().toString()))
            .toList();
    return JsonBytes.write(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", status.version());
          json.writeStringField("epoch", status.epoch());
          json.writeStringField("network", streams.identity().network());
          json.writeStringField("upstream_host", streams.identity().upstreamHost());
          JsonBytes.unsigned(json, "start_time_ns", status.startTimeNs());
          JsonBytes.unsigned(json, "now_ns", nowNs());
          json.writeNumberField("stream_count", streams.size());
          json.writeNumberField("page_stream_count", pageStreams);
          json.writeNumberField("topic_count", open.size());
          json.writeNumberField("instrument_count", instruments.size());
          json.writeArrayFieldStart("connections");
          for (ConnectionStatus connection : status.connections()) {
            write(json, connection);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("topics");
          for (Topic topic : told) {
            write(json, topic);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, ConnectionStatus connection) throws IOException {
    json.writeStartObject();
    json.writeNumberField("connection_id", connection.getConnectionId());
    json.writeStringField(
        "state", EventJson.without("CONNECTION_STATE_", connection.getState().name()));
    JsonBytes.unsigned(json, "last_receive_time_ns", connection.getLastReceiveTimeNs());
    json.writeNumberField("subscription_count", connection.getSubscriptionCount());
    JsonBytes.unsigned(json, "reconnect_count", connection.getReconnectCount());
    JsonBytes.unsigned(json, "frame_count", connection.getFrameCount());
    json.writeStringField("last_disconnect_reason", connection.getLastDisconnectReason());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Topic topic) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", topic.key().kind().name().toLowerCase(Locale.ROOT));
    json.writeStringField("name", topic.key().toString());
    json.writeStringField("state", EventJson.without("STATE_", topic.state().name()));
    JsonBytes.unsigned(json, "sequence", topic.sequence());
    json.writeNumberField("subscriber_count", topic.subscriberCount());
    JsonBytes.unsigned(json, "last_event_time_ns", topic.lastEventTimeNs());
    json.writeEndObject();
  }

  /** All instruments, by ticker. */
  byte[] instruments() {
    return JsonBytes.write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("instruments");
          for (Instrument instrument : instruments.all()) {
            json.writeStartObject();
            json.writeStringField("instrument_id", instrument.id().canonical());
            json.writeStringField("ticker", instrument.id().ticker());
            json.writeStringField(
                "status",
                EventJson.without(
                    "INSTRUMENT_STATUS_", instrument.definition().getStatus().name()));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private long nowNs() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
