package io.github.dydxgateway.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SimulatorIndependenceTest {

  @Test
  void itKnowsNothingOfTheGateway() {
    classes()
        .that()
        .resideInAPackage("io.github.dydxgateway.simulator")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.github.dydxgateway.simulator",
            "java..",
            "io.vertx.core..",
            "io.netty..",
            "com.fasterxml.jackson.core..",
            "org.jboss.logging..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.dydxgateway.simulator"));
  }
}
