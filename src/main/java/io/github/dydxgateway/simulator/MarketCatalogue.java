package io.github.dydxgateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The markets there are: real tickers with prices of their size first, made-up ones after them. */
final class MarketCatalogue {

  // The fifth has the shape of tickers that name a token on a decentralised exchange.
  private static final String LISTED =
      "BTC-USD:89950 ETH-USD:3105.4 SOL-USD:132.57 KAITO-USD:0.61234"
          + " FARTCOIN,RAYDIUM,9BB6NFECJBCTNNLFKO2FQVQBQ8HHM13KCYYCDQBGPUMP-USD:0.38127"
          + " DOGE-USD:0.14213 XRP-USD:2.0731 LINK-USD:13.721 AVAX-USD:13.412 ADA-USD:0.42761"
          + " PEPE-USD:0.0000045123 BONK-USD:0.0000092817 SHIB-USD:0.0000084511 MOG-USD:0.00000032341"
          + " SUI-USD:1.6214 LTC-USD:81.76 BCH-USD:571.2 DOT-USD:2.1345 UNI-USD:5.5127"
          + " AAVE-USD:189.42 NEAR-USD:1.7263 APT-USD:1.7511 ARB-USD:0.21437 OP-USD:0.31821"
          + " ATOM-USD:2.2541 FIL-USD:1.5112 INJ-USD:5.6231 TIA-USD:0.58211 SEI-USD:0.13417"
          + " WIF-USD:0.39214 HYPE-USD:29.81 ENA-USD:0.26913 TAO-USD:291.3 RENDER-USD:1.6621"
          + " FET-USD:0.24119 JUP-USD:0.22817 WLD-USD:0.62311 TRX-USD:0.28133 XLM-USD:0.24217"
          + " TON-USD:1.6143 CRV-USD:0.38221 LDO-USD:0.58117 MKR-USD:1421.6 COMP-USD:31.82"
          + " SNX-USD:0.49321 DYDX-USD:0.19417 STX-USD:0.31423 RUNE-USD:0.68122 ICP-USD:3.4127"
          + " ETC-USD:13.114 XMR-USD:372.6 ZEC-USD:398.4 BNB-USD:893.1 PENDLE-USD:2.3128"
          + " PYTH-USD:0.068123 JTO-USD:0.42718 STRK-USD:0.11234 ALGO-USD:0.13117 HBAR-USD:0.13421"
          + " EOS-USD:0.21417 SUSHI-USD:0.33412 YFI-USD:3912.4 1INCH-USD:0.18812 ZRX-USD:0.14213"
          + " IMX-USD:0.27118 SAND-USD:0.14512 MANA-USD:0.14931 AXS-USD:1.0312 APE-USD:0.24117"
          + " GALA-USD:0.0071234 CHZ-USD:0.030213 BLUR-USD:0.036117 MAGIC-USD:0.11923"
          + " GMX-USD:8.9121 WOO-USD:0.028114 TRUMP-USD:5.7213 PENGU-USD:0.011723"
          + " POPCAT-USD:0.10217 MEW-USD:0.0010213 ORDI-USD:4.2117 KAS-USD:0.048231"
          + " VIRTUAL-USD:0.81223 GRASS-USD:0.33117 ONDO-USD:0.48213 PAXG-USD:4201.3";
  private static final Set<String> ISOLATED =
      Set.of("KAITO-USD", "FARTCOIN,RAYDIUM,9BB6NFECJBCTNNLFKO2FQVQBQ8HHM13KCYYCDQBGPUMP-USD");

  private MarketCatalogue() {}

  /** The first markets of the catalogue. */
  static List<MarketSpec> first(int count) {
    String[] listed = LISTED.split(" ", -1);
    List<MarketSpec> specs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      specs.add(i < listed.length ? listed(listed[i], i) : madeUp(i));
    }
    return specs;
  }

  private static MarketSpec listed(String entry, int clobPairId) {
    int colon = entry.indexOf(':');
    String ticker = entry.substring(0, colon);
    BigDecimal price = new BigDecimal(entry.substring(colon + 1));
    return MarketSpec.of(ticker, clobPairId, price, ISOLATED.contains(ticker));
  }

  private static MarketSpec madeUp(int clobPairId) {
    String ticker = "T" + (char) ('A' + clobPairId % 26) + clobPairId + "-USD";
    BigDecimal price = BigDecimal.valueOf(10_000 + 277L * clobPairId % 90_000, clobPairId % 7 + 1);
    return MarketSpec.of(ticker, clobPairId, price, true);
  }
}
