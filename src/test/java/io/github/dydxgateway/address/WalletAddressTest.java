package io.github.dydxgateway.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalletAddressTest {
  private static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";
  private static final String OF_32_BYTES =
      "dydx1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqsnpjqx";

  /** Of 32 bytes, with one bit more. */
  private static final String PADDED =
      "dydx1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpd948a5";

  @Test
  void anAddressOfAKeyHas20BytesAndOneOfAModuleMayHave32() {
    assertThat(WalletAddress.problemOf(ADDRESS)).isNull();
    assertThat(WalletAddress.problemOf(OF_32_BYTES)).isNull();
    assertThat(WalletAddress.problemOfKeyAddress(ADDRESS)).isNull();
    assertThat(WalletAddress.problemOfKeyAddress(OF_32_BYTES)).isEqualTo("one of 63 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                              | one of 0 characters
          dydx1                                                           | one of 5 characters
          dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju                      | one of 42 characters
          cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a                   | one with another beginning
          xydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4                     | one with another beginning
          DYDX199TQG4WDLNU4QJLXCHPD7SEG454937HJRKNJU4                     | one with another beginning
          dydx199tqg4wdlnb4qjlxchpd7seg454937hjrknju4                     | one with a character at position 16 that bech32 does not have
          dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju5                     | one with a wrong checksum
          dydx199tqg4wdlnu4qjlxchpd7seg454973hjrknju4                     | one with a wrong checksum
          dydx1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqp0wv9h6 | one with a wrong checksum
          """)
  void whatIsWrongIsNamedWithoutTheAddress(String text, String problem) {
    assertThat(WalletAddress.problemOf(text)).isEqualTo(problem);
  }

  @Test
  void bitsBehindTheLastByteAreZero() {
    assertThat(WalletAddress.problemOf(PADDED))
        .isEqualTo("one whose length in bits is no multiple of 8");
  }
}
