package io.github.dydxgateway.indexer;

import java.io.IOException;

/**
 * Reads order books. Levels may be {@code {"price","size"}} objects or {@code [price, size]} pairs,
 * in initial states as well as in updates. A further element of a pair is kept as an unknown field
 * named by its index, {@code 2}. Not thread safe.
 */
final class OrderBookReader implements ContentsReader {
  private final LevelNumber price = new LevelNumber("price");
  private final LevelNumber size = new LevelNumber("size");
  private final BookLevelsBuilder levels = new BookLevelsBuilder();
  private final ExtraFields contentsExtras = new ExtraFields();
  private final ExtraFields levelExtras = new ExtraFields();
  private boolean hasSide;

  @Override
  public ChannelContents readInitialState(JsonCursor in) throws IOException {
    ChannelContents state = readUpdate(in);
    if (!hasSide) {
      throw new UnexpectedShapeException("expected contents with bids and asks, got none");
    }
    return state;
  }

  @Override
  public ChannelContents readUpdate(JsonCursor in) throws IOException {
    contentsExtras.clear();
    hasSide = false;
    BookLevels bids = BookLevels.NONE;
    BookLevels asks = BookLevels.NONE;
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "bids" -> bids = readSide(in);
        case "asks" -> asks = readSide(in);
        default -> contentsExtras.keep(in, name);
      }
    }
    return new ChannelContents.OrderBook(bids, asks, contentsExtras.take());
  }

  private BookLevels readSide(JsonCursor in) throws IOException {
    if (in.isNull()) {
      return BookLevels.NONE;
    }
    in.expectArray("an array of levels");
    hasSide = true;
    levels.clear();
    while (in.nextElement()) {
      readLevel(in);
    }
    return levels.build();
  }

  private void readLevel(JsonCursor in) throws IOException {
    price.clear();
    size.clear();
    levelExtras.clear();
    if (in.isArray()) {
      readPair(in);
    } else if (in.isObject()) {
      readObject(in);
    } else {
      levels.addProblem("expected a level, got " + in.excerpt());
      return;
    }
    if (price.problem() != null) {
      levels.addProblem(price.problem());
    } else if (size.problem() != null) {
      levels.addProblem(price.unscaled(), price.scale(), size.problem());
    } else {
      levels.add(price.unscaled(), price.scale(), size.unscaled(), size.scale());
      if (!levelExtras.isEmpty()) {
        levels.addExtras(levelExtras.take());
      }
    }
  }

  private void readPair(JsonCursor in) throws IOException {
    for (int index = 0; in.nextPart(); index++) {
      switch (index) {
        case 0 -> price.read(in);
        case 1 -> size.read(in);
        default -> levelExtras.keep(in, String.valueOf(index));
      }
    }
  }

  private void readObject(JsonCursor in) throws IOException {
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      switch (name) {
        case "price" -> price.read(in);
        case "size" -> size.read(in);
        default -> levelExtras.keep(in, name);
      }
    }
  }
}
