package io.github.dydxgateway.indexer;

/**
 * Reads the names of fields. Frames repeat the same fields in the same order, so the one that came
 * after the last is tried before any is looked up. Not thread safe.
 */
final class FieldNames {
  /** Most of the traffic. A switch is faster on the very Strings that stand in it. */
  private static final String[] FREQUENT = {
    "type",
    "connection_id",
    "message_id",
    "channel",
    "id",
    "version",
    FrameReader.CONTENTS,
    "bids",
    "asks",
    "price",
    "size",
    "trades",
    "side",
    "createdAt",
    "createdAtHeight",
    "startedAt",
    "ticker",
    "resolution",
    "low",
    "high",
    "open",
    "close",
    "baseTokenVolume",
    "usdVolume",
    "startingOpenInterest",
    "oraclePrices",
    "oraclePrice",
    "effectiveAt",
    "effectiveAtHeight",
    "marketId",
    "blockHeight",
    "time"
  };

  private final TextCache names = new TextCache();

  /** Comes before the first name of a frame. */
  private final KnownText none = new KnownText(new byte[0], "", 0);

  private KnownText last = none;

  FieldNames() {
    for (String name : FREQUENT) {
      names.add(name);
    }
  }

  /** Begins with a new frame. */
  void restart() {
    last = none;
  }

  /** Reads a name and the colon after it. */
  String read(JsonBytes json) throws UnexpectedShapeException {
    KnownText expected = names.at(last.slotOfNext());
    if (expected != null && json.passName(expected)) {
      last = expected;
      return expected.text();
    }
    boolean plain = json.readName();
    byte[] bytes = json.textBytes();
    int length = json.textLength();
    if (length > TextCache.MAX_LENGTH) {
      return json.text();
    }
    KnownText name = names.find(bytes, json.textOffset(), length);
    if (plain) {
      // A name with escapes is not what the bytes begin with.
      last.setNext(name);
      last = name;
    }
    return name.text();
  }
}
