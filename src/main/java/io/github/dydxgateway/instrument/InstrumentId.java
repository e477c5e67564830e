package io.github.dydxgateway.instrument;

import com.google.protobuf.ByteString;
import java.util.Objects;

/**
 * Name of an instrument. The venue calls it by its ticker, {@code BTC-USD}; the canonical id is
 * {@code BTC-USD-PERP.DYDX}. Immutable.
 */
public final class InstrumentId implements Comparable<InstrumentId> {
  /** Longest name accepted, in its canonical form as well. */
  public static final int MAX_LENGTH = 128;

  private static final String VENUE = ".DYDX";
  private static final String PERPETUAL = "-PERP";

  private final String ticker;
  private final String canonical;

  /** Made when first asked for; whoever makes it makes the same. */
  private ByteString canonicalUtf8;

  /**
   * @param ticker the venue's name
   */
  public InstrumentId(String ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    this.canonical = ticker + PERPETUAL + VENUE;
  }

  /**
   * Reads {@code BTC-USD-PERP.DYDX}, {@code BTC-USD-PERP} or {@code BTC-USD}.
   *
   * @throws IllegalArgumentException if the text can't be the name of an instrument; the message
   *     says why
   */
  public static InstrumentId parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("must name an instrument, such as BTC-USD-PERP.DYDX");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "must have at most " + MAX_LENGTH + " characters, got " + text.length());
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '/' || c == '"' || c == '\\') {
        throw new IllegalArgumentException(
            "must be an instrument such as BTC-USD-PERP.DYDX; the character at index "
                + i
                + " can't be part of one");
      }
    }
    String ticker = withoutSuffix(withoutSuffix(text, VENUE), PERPETUAL);
    if (ticker.isEmpty()) {
      throw new IllegalArgumentException(
          "must be an instrument such as BTC-USD-PERP.DYDX, got '" + text + "'");
    }
    InstrumentId id = new InstrumentId(ticker);
    if (id.canonical().length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "must have at most "
              + (MAX_LENGTH - PERPETUAL.length() - VENUE.length())
              + " characters before "
              + PERPETUAL
              + VENUE
              + ", got "
              + ticker.length());
    }
    return id;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  /** The venue's name, {@code BTC-USD}. */
  public String ticker() {
    return ticker;
  }

  /** {@code BTC-USD-PERP.DYDX}. */
  public String canonical() {
    return canonical;
  }

  /** The same as messages hold it. */
  public ByteString canonicalUtf8() {
    ByteString known = canonicalUtf8;
    if (known == null) {
      known = ByteString.copyFromUtf8(canonical);
      canonicalUtf8 = known;
    }
    return known;
  }

  /** What is traded: the ticker up to its last hyphen. */
  public String baseAsset() {
    int hyphen = ticker.lastIndexOf('-');
    return hyphen < 0 ? ticker : ticker.substring(0, hyphen);
  }

  /** What prices are in: the ticker after its last hyphen; empty if it has none. */
  public String quoteAsset() {
    int hyphen = ticker.lastIndexOf('-');
    return hyphen < 0 ? "" : ticker.substring(hyphen + 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InstrumentId id && ticker.equals(id.ticker);
  }

  @Override
  public int hashCode() {
    return ticker.hashCode();
  }

  @Override
  public int compareTo(InstrumentId other) {
    return ticker.compareTo(other.ticker);
  }

  @Override
  public String toString() {
    return canonical();
  }
}
