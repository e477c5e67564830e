package io.github.dydxgateway.instrument;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Name of an instrument. The venue calls it by its ticker, {@code BTC-USD}; the canonical id is
 * {@code BTC-USD-PERP.DYDX}, always the ticker with {@code -PERP.DYDX} after it, so that different
 * tickers have different ids whatever they end with. A ticker may hold any characters but control
 * characters. Immutable.
 */
public final class InstrumentId implements Comparable<InstrumentId> {
  /** Longest ticker accepted, in UTF-16 units. The venue stores at most 255 characters. */
  public static final int MAX_TICKER_LENGTH = 512;

  private static final String VENUE = ".DYDX";
  private static final String PERPETUAL = "-PERP";
  private static final String SUFFIX = PERPETUAL + VENUE;

  private final String ticker;
  private final String canonical;

  /** Made when first asked for; whoever makes it makes the same. */
  private ByteString canonicalUtf8;

  /**
   * @param ticker the venue's name, not checked
   */
  public InstrumentId(String ticker) {
    this.ticker = Objects.requireNonNull(ticker, "ticker");
    this.canonical = ticker + SUFFIX;
  }

  /**
   * The instrument that the venue calls so.
   *
   * @throws IllegalArgumentException if the text can't be a ticker; the message says why
   */
  public static InstrumentId ofTicker(String ticker) {
    if (ticker.isBlank()) {
      throw new IllegalArgumentException("must name an instrument, such as BTC-USD-PERP.DYDX");
    }
    if (ticker.length() > MAX_TICKER_LENGTH) {
      throw new IllegalArgumentException(
          "must have at most "
              + MAX_TICKER_LENGTH
              + " characters before "
              + SUFFIX
              + ", got "
              + ticker.length());
    }
    for (int i = 0; i < ticker.length(); i++) {
      if (isRefused(ticker, i)) {
        throw new IllegalArgumentException(
            "must be an instrument such as BTC-USD-PERP.DYDX; the character at index "
                + i
                + " can't be part of one");
      }
    }
    return new InstrumentId(ticker);
  }

  /** Control characters, and half a surrogate pair, which no UTF-8 can hold. */
  private static boolean isRefused(String text, int index) {
    char c = text.charAt(index);
    return Character.isISOControl(c)
        || (Character.isSurrogate(c)
            && !(Character.isHighSurrogate(c)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1))));
  }

  /**
   * Reads {@code BTC-USD-PERP.DYDX}, {@code BTC-USD-PERP} or {@code BTC-USD} without knowing which
   * instruments there are: a name that ends with {@code -PERP} is read as the short form. The
   * suffixes may be in any case; the ticker stays as it is spelled.
   *
   * @throws IllegalArgumentException if the text can't be the name of an instrument; the message
   *     says why
   */
  public static InstrumentId parse(String name) {
    return ofTicker(without(without(name, VENUE, true), PERPETUAL, true));
  }

  /**
   * What a name may mean, the likeliest first: a canonical id, a ticker, a short form.
   *
   * @throws IllegalArgumentException if the text can't be the name of an instrument; the message
   *     says why
   */
  static List<InstrumentId> meanings(String name) {
    return meanings(name, false);
  }

  /**
   * As {@link #meanings(String)}, with the suffixes in any case. The tickers stay as they are
   * spelled.
   *
   * @throws IllegalArgumentException if the text can't be the name of an instrument; the message
   *     says why
   */
  static List<InstrumentId> meaningsInAnyCase(String name) {
    return meanings(name, true);
  }

  private static List<InstrumentId> meanings(String name, boolean anyCase) {
    List<InstrumentId> meanings = new ArrayList<>(3);
    String ticker = without(name, SUFFIX, anyCase);
    if (ticker.length() < name.length() && !ticker.isEmpty()) {
      meanings.add(ofTicker(ticker));
    }
    if (name.length() <= MAX_TICKER_LENGTH) {
      meanings.add(ofTicker(name));
    }
    ticker = without(without(name, VENUE, anyCase), PERPETUAL, anyCase);
    if (!ticker.isBlank()) {
      meanings.add(ofTicker(ticker));
    }
    return meanings;
  }

  private static String without(String text, String suffix, boolean anyCase) {
    int end = text.length() - suffix.length();
    return end >= 0 && text.regionMatches(anyCase, end, suffix, 0, suffix.length())
        ? text.substring(0, end)
        : text;
  }

  /** Whether a name is spelled as the canonical id of some ticker. */
  static boolean isCanonical(String name) {
    return name.length() > SUFFIX.length() && name.endsWith(SUFFIX);
  }

  /** The same with its ticker in upper case, as the venue writes its tickers. */
  InstrumentId inUpperCase() {
    String upper = upperCaseTicker();
    // A few characters have an upper case of several.
    boolean isTicker = upper.length() <= MAX_TICKER_LENGTH;
    return isTicker && !upper.equals(ticker) ? new InstrumentId(upper) : this;
  }

  /** Equal for tickers that differ only in case. */
  String upperCaseTicker() {
    return ticker.toUpperCase(Locale.ROOT);
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
