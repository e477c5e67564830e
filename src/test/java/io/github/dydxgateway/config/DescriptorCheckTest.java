package io.github.dydxgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorCheckTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max cpu time              unlimited            unlimited            seconds
      Max open files            %s                 1048576              files
      """;

  @Test
  void readsTheSoftLimit() {
    assertThat(DescriptorCheck.limitIn(LIMITS.formatted("1024"))).hasValue(1024);
  }

  @Test
  void noLimitIsNone() {
    assertThat(DescriptorCheck.limitIn(LIMITS.formatted("unlimited"))).isEmpty();
    assertThat(DescriptorCheck.limitIn("")).isEmpty();
  }
}
