package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
  private static List<Object> decisions(long seed, int connection) {
    ChaosPlan plan = new ChaosPlan(seed, EnumSet.allOf(Fault.class), false);
    plan.storm();
    SplittableRandom random = plan.connection(connection);
    List<Object> decisions = new ArrayList<>(List.of(plan.opening(random)));
    for (int message = 0; message < 200_000; message++) {
      Fault fault = plan.fault(random);
      decisions.add(fault == null ? "" : fault);
    }
    return decisions;
  }

  @Test
  void aSeedRepeatsAndAnotherDiffers() {
    assertThat(decisions(7, 3)).isEqualTo(decisions(7, 3));
    assertThat(decisions(7, 3)).isNotEqualTo(decisions(8, 3)).isNotEqualTo(decisions(7, 4));
  }

  @Test
  void theVenueHasASourceOfItsOwn() {
    ChaosPlan plan = new ChaosPlan(7, EnumSet.allOf(Fault.class), false);
    long drawn = plan.venue().nextLong();
    assertThat(plan.venue().nextLong()).isEqualTo(drawn);
    assertThat(plan.client(0).nextLong()).isNotEqualTo(drawn);
    assertThat(plan.connection(0).nextLong()).isNotEqualTo(drawn);
  }

  @Test
  void everyFaultIsPlanned() {
    assertThat(decisions(7, 3)).contains((Object[]) Fault.values());
  }

  @Test
  void inTheCalmNothingHappens() {
    ChaosPlan plan = new ChaosPlan(7, EnumSet.allOf(Fault.class), false);
    SplittableRandom random = plan.connection(1);
    for (int message = 0; message < 20_000; message++) {
      assertThat(plan.fault(random)).isNull();
    }
    assertThat(plan.opening(random)).isEqualTo(ChaosPlan.Opening.SOUND);
  }
}
