package io.github.dydxgateway.indexer;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** The messages a client sends to the Indexer, as JSON text. May be called from any thread. */
public final class IndexerRequest {

  private IndexerRequest() {}

  /**
   * Asks for the initial state and the updates of a channel.
   *
   * @param batched whether the venue shall collect updates and send them every 250 ms
   */
  public static String subscribe(ChannelId channelId, boolean batched) {
    return begin("subscribe", channelId)
        .append(",\"batched\":")
        .append(batched)
        .append('}')
        .toString();
  }

  /** Ends a subscription. */
  public static String unsubscribe(ChannelId channelId) {
    return begin("unsubscribe", channelId).append('}').toString();
  }

  private static StringBuilder begin(String type, ChannelId channelId) {
    StringBuilder json = new StringBuilder(128);
    json.append("{\"type\":\"").append(type);
    json.append("\",\"channel\":\"").append(channelId.channel().wireName()).append('"');
    if (channelId.channel().hasId()) {
      json.append(",\"id\":\"");
      JsonStringEncoder.getInstance().quoteAsString(channelId.id(), json);
      json.append('"');
    }
    return json;
  }
}
