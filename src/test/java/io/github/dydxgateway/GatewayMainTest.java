package io.github.dydxgateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayMainTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-Dgateway.upstream.network=testnet", "a\nb", ""})
  void anArgumentIsAnsweredByOneLineThatSaysWhereKeysBelong(String argument) {
    assertThat(GatewayMain.wrongUsage(argument))
        .startsWith("dydx-gateway takes no arguments, got '" + argument.replace('\n', ' ') + "': ")
        .contains("-Dkey=value before -jar", "environment variables", "application.properties")
        .doesNotContain("\n");
  }
}
