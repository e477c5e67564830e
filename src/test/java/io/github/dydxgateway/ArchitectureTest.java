package io.github.dydxgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Data flows one way through the rooms; see CONTRIBUTING.md. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "io.github.dydxgateway";

  private static final List<String> ROOMS =
      List.of(
          "access",
          "address",
          "config",
          "indexer",
          "upstream",
          "instrument",
          "log",
          "feed",
          "stream",
          "grpc",
          "health",
          "metrics",
          "page",
          "simulator");

  /** What an address is and what may be logged is for all rooms to know. */
  private static final List<String> EVERYBODYS = List.of("address", "log");

  private static final String[] TOWARDS_CLIENTS = {
    "stream", "grpc", "page", "access", "health", "metrics"
  };

  /**
   * Classes that Quarkus keeps in packages named {@code runtime} and that its guides use: those of
   * the application's life cycle, native executables, configuration and security customization.
   */
  private static final Set<String> DOCUMENTED_BY_QUARKUS =
      Set.of(
          "io.quarkus.runtime.StartupEvent",
          "io.quarkus.runtime.ShutdownEvent",
          "io.quarkus.runtime.ShutdownDelayInitiatedEvent",
          "io.quarkus.runtime.annotations.RegisterForReflection",
          "io.quarkus.runtime.configuration.ConfigurationException",
          "io.quarkus.security.runtime.QuarkusSecurityIdentity",
          "io.quarkus.security.runtime.QuarkusSecurityIdentity$Builder",
          "io.quarkus.vertx.http.runtime.security.ChallengeData",
          "io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism",
          "io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy",
          "io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy$AuthorizationRequestContext",
          "io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy$CheckResult");

  /** The contract is no room. */
  private static final String CONTRACT = "v1";

  @ArchTest static final ArchRule configStandsAlone = imports("config");

  @ArchTest static final ArchRule accessKnowsTheContract = imports("access", CONTRACT);

  @ArchTest static final ArchRule addressStandsAlone = imports("address");

  @ArchTest static final ArchRule logStandsAlone = imports("log");

  @ArchTest static final ArchRule indexerStandsAlone = imports("indexer");

  @ArchTest static final ArchRule simulatorStandsAlone = imports("simulator");

  @ArchTest static final ArchRule instrumentKnowsTheContract = imports("instrument", CONTRACT);

  @ArchTest static final ArchRule streamKnowsTheContract = imports("stream", CONTRACT);

  @ArchTest
  static final ArchRule statesOfTopicsKnowTheContractAlone =
      noClasses()
          .that(areIn("stream.state"))
          .should()
          .dependOnClassesThat(areIn("stream").and(DescribedPredicate.not(areIn("stream.state"))));

  @ArchTest static final ArchRule upstreamKnowsTheIndexer = imports("upstream", "indexer");

  @ArchTest
  static final ArchRule feedKnowsWhatIsLeftAndRightOfIt =
      imports("feed", "indexer", "instrument", "stream", CONTRACT);

  @ArchTest
  static final ArchRule grpcKnowsStreamsAndInstruments =
      imports("grpc", "access", "stream", "instrument", CONTRACT);

  @ArchTest
  static final ArchRule pageKnowsStreamsAndInstruments =
      imports("page", "access", "stream", "instrument", CONTRACT);

  @ArchTest static final ArchRule theContractKnowsNoRoom = imports(CONTRACT);

  @ArchTest
  static final ArchRule nothingKnowsGrpc =
      noClasses().that(areOutside("grpc")).should().dependOnClassesThat(areIn("grpc"));

  @ArchTest
  static final ArchRule nothingKnowsHealth =
      noClasses().that(areOutside("health")).should().dependOnClassesThat(areIn("health"));

  @ArchTest
  static final ArchRule nothingKnowsMetrics =
      noClasses().that(areOutside("metrics")).should().dependOnClassesThat(areIn("metrics"));

  @ArchTest
  static final ArchRule nothingKnowsThePage =
      noClasses().that(areOutside("page")).should().dependOnClassesThat(areIn("page"));

  @ArchTest
  static final ArchRule nothingKnowsTheSimulator =
      noClasses().that(areOutside("simulator")).should().dependOnClassesThat(areIn("simulator"));

  @ArchTest
  static final ArchRule domainIsPlainJava =
      noClasses()
          .that(areIn("indexer", "instrument", "feed", "stream"))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.vertx..",
                  "jakarta..",
                  "io.quarkus..",
                  "io.netty..",
                  "io.grpc..",
                  "org.eclipse.microprofile.."));

  @ArchTest
  static final ArchRule theEdgesTowardsClientsUseNoInternalClasses =
      noClasses()
          .that(areIn(TOWARDS_CLIENTS))
          .should()
          .dependOnClassesThat(areInternal())
          .because("what internals of a framework gain is lost at its next release");

  @ArchTest
  static final ArchRule theEdgesTowardsClientsUseNoInternalMethodsOfGrpc =
      noClasses()
          .that(areIn(TOWARDS_CLIENTS))
          .should()
          .accessTargetWhere(targetIsAnnotatedWith("io.grpc.Internal"));

  @ArchTest
  static final ArchRule streamsAndInstrumentsKnowNoJson =
      noClasses()
          .that(areIn("stream", "instrument", "grpc", "feed"))
          .should()
          .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

  @ArchTest
  static final ArchRule onlyFeedsLogInTheDomain =
      noClasses()
          .that(areIn("indexer", "instrument", "stream"))
          .should()
          .dependOnClassesThat(resideInAPackage("org.jboss.."));

  @ArchTest
  static final ArchRule roomsMakeNoCircle =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .that(areOutside(CONTRACT))
          .should()
          .haveNameMatching(".*(Utils?|Helper|Manager|Impl)");

  @ArchTest
  static final ArchRule amountsAreNeverFloatingPointFields =
      noFields()
          .that()
          .areDeclaredInClassesThat(areIn("indexer", "instrument", "feed", "stream"))
          .should()
          .haveRawType(
              nameMatching("double|float|java\\.lang\\.(Double|Float)|\\[[DF]")
                  .<JavaClass>forSubtype());

  @ArchTest
  static final ArchRule amountsAreNeverReadAsFloatingPoint =
      noClasses()
          .that(areIn("indexer", "instrument", "feed", "stream"))
          .should()
          .callMethod(Double.class, "parseDouble", String.class)
          .orShould()
          .callMethod(Double.class, "valueOf", String.class)
          .orShould()
          .callMethod(Float.class, "parseFloat", String.class)
          .orShould()
          .callMethod(Float.class, "valueOf", String.class);

  /** Handlers of the log manager have no other type. */
  @ArchTest
  static final ArchRule loggingIsJbossLogging =
      noClasses()
          .that()
          .doNotHaveSimpleName("ConsoleRedirection")
          .should()
          .dependOnClassesThat(resideInAPackage("java.util.logging.."));

  @ArchTest
  static final ArchRule noStaticStateInStreams =
      fields()
          .that()
          .areDeclaredInClassesThat(areIn("stream", "feed", "indexer", "instrument"))
          .and()
          .areStatic()
          .should()
          .beFinal();

  private static DescribedPredicate<JavaClass> areInternal() {
    return resideInAnyPackage(
            "io.vertx..impl..",
            "io.vertx..internal..",
            "io.grpc.internal..",
            "io.netty.util.internal..")
        .or(nameMatching("io\\.grpc\\.netty\\.Internal.*"))
        .or(annotatedWith("io.grpc.Internal"))
        .or(resideInAPackage("io.quarkus..runtime..").and(DescribedPredicate.not(isDocumented())));
  }

  private static DescribedPredicate<JavaClass> isDocumented() {
    return DescribedPredicate.describe(
        "documented by Quarkus", type -> DOCUMENTED_BY_QUARKUS.contains(type.getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> targetIsAnnotatedWith(String annotation) {
    return DescribedPredicate.describe(
        "target is annotated with @" + annotation,
        access ->
            access.getTarget().resolveMember().stream()
                .anyMatch(member -> member.isAnnotatedWith(annotation)));
  }

  private static String room(String name) {
    return ROOT + "." + name + "..";
  }

  private static DescribedPredicate<JavaClass> areIn(String... rooms) {
    String[] packages = new String[rooms.length];
    for (int i = 0; i < rooms.length; i++) {
      packages[i] = room(rooms[i]);
    }
    return resideInAnyPackage(packages);
  }

  /** Neither in these rooms nor in the root, which connects them. */
  private static DescribedPredicate<JavaClass> areOutside(String... rooms) {
    return resideInAPackage(ROOT + ".*..").and(DescribedPredicate.not(areIn(rooms)));
  }

  private static ArchRule imports(String room, String... allowed) {
    List<String> forbidden = new ArrayList<>(ROOMS);
    forbidden.add(CONTRACT);
    forbidden.remove(room);
    forbidden.removeAll(List.of(allowed));
    forbidden.removeAll(EVERYBODYS);
    return classes()
        .that(areIn(room))
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(
                areIn(forbidden.toArray(String[]::new)).or(resideInAPackage(ROOT))))
        .because("the room " + room + " may import " + List.of(allowed) + " only");
  }
}
