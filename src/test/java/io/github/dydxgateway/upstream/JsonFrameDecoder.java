package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelId;
import io.github.dydxgateway.indexer.IndexerError;
import io.github.dydxgateway.indexer.IndexerError.Kind;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the tests of this package need: whatever the channel, contents {@code {"n":1}} become
 * a block height of 1.
 */
final class JsonFrameDecoder implements FrameDecoder {
  private static final Pattern NAMED = Pattern.compile("(v4_[a-z_]+)(?:-([^ ).]+))?");

  @Override
  public IndexerFrame read(byte[] buffer, int offset, int length) throws MalformedFrameException {
    JsonObject json;
    try {
      json = new JsonObject(new String(buffer, offset, length, StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      throw new MalformedFrameException("expected JSON", null, -1);
    }
    long messageId = json.getLong("message_id", -1L);
    Channel channel = Channel.ofWireName(json.getString("channel", ""));
    ChannelId channelId =
        channel == null
            ? null
            : channel.hasId()
                ? new ChannelId(channel, json.getString("id"))
                : ChannelId.of(channel);
    if ("crash".equals(json.getString("contents_says"))) {
      throw new IllegalStateException("crash");
    }
    return switch (json.getString("type", "")) {
      case "connected" ->
          new IndexerFrame.Connected(messageId, json.getString("connection_id", ""));
      case "subscribed" ->
          new IndexerFrame.Subscribed(messageId, channelId, contents(json, channelId, messageId));
      case "channel_data" ->
          new IndexerFrame.ChannelData(
              messageId, channelId, -1, List.of(contents(json, channelId, messageId)));
      case "unsubscribed" -> new IndexerFrame.Unsubscribed(messageId, channelId);
      case "error" -> new IndexerFrame.Failed(messageId, error(json, channel));
      default -> new IndexerFrame.Unknown(messageId, json.getString("type", "no type"));
    };
  }

  private static ChannelContents contents(JsonObject json, ChannelId channelId, long messageId)
      throws MalformedFrameException {
    if (!(json.getValue("contents") instanceof JsonObject contents)) {
      throw new MalformedFrameException("contents must be an object", channelId, messageId);
    }
    return new ChannelContents.BlockHeight(contents.getLong("n", 0L), 0);
  }

  private static IndexerError error(JsonObject json, Channel channel) {
    String message = json.getString("message", "");
    Kind kind =
        message.startsWith("Invalid subscription id")
            ? Kind.INVALID_SUBSCRIPTION_ID
            : message.startsWith("Per-connection")
                ? Kind.CONNECTION_LIMIT
                : message.startsWith("Too many subscribe")
                    ? Kind.TOO_MANY_SUBSCRIBES
                    : message.startsWith("Internal error")
                        ? Kind.INTERNAL
                        : message.contains("already subscribed")
                            ? Kind.ALREADY_SUBSCRIBED
                            : message.startsWith("Invalid") ? Kind.INVALID_REQUEST : Kind.REFUSED;
    Matcher named = NAMED.matcher(message);
    String id = json.getString("id");
    Channel about = channel;
    if (about == null && named.find()) {
      about = Channel.ofWireName(named.group(1));
      id = named.group(2);
    }
    return new IndexerError(kind, message, about, id);
  }
}
