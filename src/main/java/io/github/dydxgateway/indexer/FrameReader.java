package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Reads the frames of one connection from their bytes, whatever the order of their fields. Builds
 * no tree and no text of the whole frame; what it returns keeps no reference to the bytes.
 *
 * <p>Not thread safe: each connection has its own, used by one thread at a time.
 */
public final class FrameReader {
  static final String CONTENTS = "contents";

  private static final int MAX_REASON = 300;

  private final JsonCursor cursor = new JsonCursor();
  private final Envelope envelope = new Envelope(cursor, new ChannelIdCache());
  private final ContentsReader orderBooks = new OrderBookReader();
  private final ContentsReader trades = new TradesReader(cursor);
  private final ContentsReader candles = new CandlesReader(cursor);
  private final ContentsReader markets = new MarketsReader(cursor);
  private final ContentsReader blockHeights = new BlockHeightReader(cursor);
  private final ContentsReader accounts = new AccountReader(cursor);

  /**
   * Reads one frame.
   *
   * @param buffer holds the frame as UTF-8 JSON; not changed, not kept
   * @param offset where the frame begins
   * @param length of the frame in bytes
   * @throws MalformedFrameException if the bytes are no frame, whatever they are; the reader can go
   *     on with the next frame
   * @throws IndexOutOfBoundsException if offset and length are not within the buffer
   */
  public IndexerFrame read(byte[] buffer, int offset, int length) throws MalformedFrameException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    try {
      return readFrame(buffer, offset, length);
    } catch (IOException e) {
      throw malformed(String.valueOf(e.getMessage()), buffer, offset, length);
    } catch (RuntimeException e) {
      // A mistake of the reader; one frame must not stop the connection.
      throw malformed("the reader failed: " + e, buffer, offset, length);
    }
  }

  private IndexerFrame readFrame(byte[] buffer, int offset, int length) throws IOException {
    envelope.clear();
    List<ChannelContents> contents = null;
    int contentsStart = -1;
    cursor.open(buffer, offset, length);
    cursor.expectObject("a JSON object");
    for (String name = cursor.nextField(); name != null; name = cursor.nextField()) {
      envelope.readField(name);
      if (!name.equals(CONTENTS)) {
        continue;
      }
      if (!envelope.hasTypeAndChannel()) {
        contentsStart = cursor.valueStart();
        cursor.skip();
      } else if (envelope.wantsContents()) {
        contents = readContents();
      } else {
        cursor.skip();
      }
    }
    cursor.expectEnd();
    if (contentsStart >= 0 && envelope.wantsContents()) {
      // They came before it was known what they are.
      cursor.returnTo(CONTENTS, contentsStart);
      contents = readContents();
    }
    return envelope.frame(contents);
  }

  private List<ChannelContents> readContents() throws IOException {
    ContentsReader reader = contentsReader(envelope.channel());
    if (envelope.type() != FrameType.CHANNEL_BATCH_DATA) {
      cursor.enterContents();
      return List.of(
          envelope.type() == FrameType.SUBSCRIBED
              ? reader.readInitialState(cursor)
              : reader.readUpdate(cursor));
    }
    cursor.expectArray("an array of updates");
    List<ChannelContents> updates = new ArrayList<>();
    while (cursor.nextElement()) {
      cursor.enterContents();
      updates.add(reader.readUpdate(cursor));
    }
    return Collections.unmodifiableList(updates);
  }

  private ContentsReader contentsReader(Channel channel) {
    return switch (channel) {
      case ORDER_BOOK -> orderBooks;
      case TRADES -> trades;
      case CANDLES -> candles;
      case MARKETS -> markets;
      case BLOCK_HEIGHT -> blockHeights;
      case SUBACCOUNTS, PARENT_SUBACCOUNTS -> accounts;
    };
  }

  private MalformedFrameException malformed(String reason, byte[] buffer, int offset, int length) {
    FrameLabel label = FrameLabel.find(buffer, offset, length);
    return new MalformedFrameException(
        reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason,
        label.channelId(),
        label.messageId(),
        label.isInitialState());
  }
}
