package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * Reads blocks. A block is nothing without its height and has no room for problems, so what cannot
 * be read makes the frame malformed. Not thread safe.
 */
final class BlockHeightReader implements ContentsReader {
  private final ExtraFields unknown = new ExtraFields();
  private final FieldValues values;

  BlockHeightReader(JsonCursor cursor) {
    values =
        new FieldValues(
            cursor,
            (in, expected) -> {
              throw in.unexpected(expected);
            });
  }

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    return readUpdate(in);
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    unknown.clear();
    Long height = null;
    long timeNs = 0;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "height", "blockHeight" -> height = values.natural();
        case "time" -> timeNs = values.timeOrZero();
        default -> unknown.keep(in, name);
      }
    }
    if (height == null) {
      throw new UnexpectedShapeException("expected contents with height or blockHeight, got none");
    }
    return new ChannelContents.BlockHeight(height, timeNs, unknown.take());
  }
}
