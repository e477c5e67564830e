package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;

/** Reads frames given as text, each with a new reader. */
final class Reading {
  private Reading() {}

  static IndexerFrame frame(String json) throws MalformedFrameException {
    byte[] bytes = SampleFrames.bytes(json);
    return new FrameReader().read(bytes, 0, bytes.length);
  }

  static IndexerFrame frame(Map<String, String> fields) throws MalformedFrameException {
    return frame(SampleFrames.json(fields));
  }

  static MalformedFrameException malformed(String json) {
    return catchThrowableOfType(MalformedFrameException.class, () -> frame(json));
  }

  static MalformedFrameException malformed(Map<String, String> fields) {
    return malformed(SampleFrames.json(fields));
  }

  static <T extends ChannelContents> T state(Class<T> type, String channel, String contents)
      throws MalformedFrameException {
    IndexerFrame frame = frame(SampleFrames.channelFrame("subscribed", channel, "ID", contents));
    return type.cast(((IndexerFrame.Subscribed) frame).contents());
  }

  static <T extends ChannelContents> T update(Class<T> type, String channel, String contents)
      throws MalformedFrameException {
    IndexerFrame frame = frame(SampleFrames.channelFrame("channel_data", channel, "ID", contents));
    return type.cast(((IndexerFrame.ChannelData) frame).updates().get(0));
  }
}
