package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChaosSettingsTest {
  private static Set<Fault> faults(String given) {
    return ChaosSettings.named(Fault.class, EnumSet.allOf(Fault.class), ChaosSettings.names(given));
  }

  private static Set<VenueFault> venueFaults(String given) {
    return ChaosSettings.named(VenueFault.class, VenueFault.usual(), ChaosSettings.names(given));
  }

  @Test
  void withoutNamesTheUsualFaultsHappen() {
    assertThat(faults("")).isEqualTo(EnumSet.allOf(Fault.class));
    assertThat(venueFaults("")).isEqualTo(VenueFault.usual());
  }

  @Test
  void namesAloneReplaceTheUsualFaults() {
    assertThat(faults("drop, redeliver")).containsExactly(Fault.DROP);
    assertThat(venueFaults("drop, redeliver")).containsExactly(VenueFault.REDELIVER);
    assertThat(faults("redeliver")).isEmpty();
    assertThat(venueFaults("drop")).isEmpty();
  }

  @Test
  void namesWithAPlusComeBesidesTheUsualFaults() {
    assertThat(faults("+redeliver,+hidden_ticker")).isEqualTo(EnumSet.allOf(Fault.class));
    assertThat(venueFaults("+redeliver,+hidden_ticker"))
        .contains(VenueFault.REDELIVER, VenueFault.HIDDEN_TICKER)
        .containsAll(VenueFault.usual());
  }

  @Test
  void anUnknownNameIsAnError() {
    assertThatThrownBy(() -> ChaosSettings.names("drop,dorp")).hasMessageContaining("DORP");
  }
}
