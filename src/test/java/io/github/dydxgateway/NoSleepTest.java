package io.github.dydxgateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.TimeUnit;

/** Nothing waits by sleeping, tests included. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT)
class NoSleepTest {
  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses()
          .that()
          // A program that measures for so many seconds; no test.
          .resideOutsideOfPackage("..bench..")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class);
}
