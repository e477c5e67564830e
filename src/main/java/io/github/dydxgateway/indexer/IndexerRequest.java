package io.github.dydxgateway.indexer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Requests to the venue, as JSON text. */
public final class IndexerRequest {
  private static final JsonFactory JSON = new JsonFactory();

  private IndexerRequest() {}

  /** Asks for the initial state and the updates of a subscription. */
  public static String subscribe(ChannelId channelId, boolean batched) {
    return request("subscribe", channelId, batched);
  }

  /** Ends a subscription. */
  public static String unsubscribe(ChannelId channelId) {
    return request("unsubscribe", channelId, false);
  }

  private static String request(String type, ChannelId channelId, boolean batched) {
    StringWriter text = new StringWriter(96);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", type);
      json.writeStringField("channel", channelId.channel().wireName());
      if (channelId.channel().hasId()) {
        json.writeStringField("id", channelId.id());
      }
      if (batched) {
        json.writeBooleanField("batched", true);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
