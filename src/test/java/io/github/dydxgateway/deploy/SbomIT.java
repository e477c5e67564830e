package io.github.dydxgateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of libraries in the jar names those beside it. */
class SbomIT {
  private static final Path PACKAGE = Path.of("target", "quarkus-app");
  private static final Path ARTIFACT = Path.of("target", "quarkus-artifact.properties");
  private static final String ENTRY = "META-INF/sbom/application.cdx.json";
  private static final String FILE = "target/classes/" + ENTRY;

  private Yaml sbom;

  @BeforeEach
  void read() throws IOException {
    // The executable may be built where an earlier jar still is.
    assumeThat(Files.readString(ARTIFACT)).contains("type=jar");
    assumeThat(PACKAGE.resolve("app")).exists();
    assumeThat(
            "offline: true".equals(System.getProperty("maven.mode"))
                && Files.notExists(Path.of(FILE)))
        .as("Maven does not list the libraries while it is offline")
        .isFalse();
    sbom = Yaml.file(FILE);
  }

  @Test
  void theJarHasIt() throws IOException {
    try (Stream<Path> jars = Files.list(PACKAGE.resolve("app"));
        JarFile jar = new JarFile(jars.findFirst().orElseThrow().toFile())) {
      assertThat(jar.getInputStream(jar.getEntry(ENTRY)))
          .hasBinaryContent(Files.readAllBytes(Path.of(FILE)));
    }
    assertThat(sbom.string("bomFormat")).isEqualTo("CycloneDX");
    assertThat(sbom.string("metadata", "component", "name")).isEqualTo("dydx-gateway");
  }

  @Test
  void everyLibraryOfThePackageIsInItWithItsVersion() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (Yaml one : sbom.list("components")) {
      String version = one.string("version");
      listed.add(one.string("group") + "." + one.string("name") + "-" + version);
      assertThat(one.string("purl")).contains("@" + version);
    }
    assertThat(listed)
        .hasSizeGreaterThan(100)
        .noneMatch(name -> name.contains("junit") || name.contains("assertj"));
    assertThat(libraries()).hasSizeGreaterThan(100).allMatch(jar -> isListed(jar, listed));
  }

  /** A classifier stands after the version. */
  private static boolean isListed(String jar, Set<String> listed) {
    return listed.stream().anyMatch(one -> jar.equals(one) || jar.startsWith(one + "-"));
  }

  private static List<String> libraries() throws IOException {
    try (Stream<Path> files = Files.walk(PACKAGE.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .map(name -> name.substring(0, name.length() - ".jar".length()))
          .toList();
    }
  }
}
