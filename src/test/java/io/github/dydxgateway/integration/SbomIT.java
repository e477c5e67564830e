package io.github.dydxgateway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of libraries in the jar names those beside it. */
class SbomIT {
  private static final Path PACKAGE = Path.of("target", "quarkus-app");
  private static final String ENTRY = "META-INF/sbom/application.cdx.json";

  private JsonNode sbom;

  @BeforeEach
  void read() throws IOException {
    assumeThat(PACKAGE.resolve("app")).exists();
    try (Stream<Path> jars = Files.list(PACKAGE.resolve("app"));
        JarFile jar = new JarFile(jars.findFirst().orElseThrow().toFile());
        InputStream entry = jar.getInputStream(jar.getEntry(ENTRY))) {
      sbom = new ObjectMapper().readTree(entry);
    }
  }

  @Test
  void itIsACycloneDxListOfThisProgram() {
    assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(sbom.path("metadata").path("component").path("name").asText())
        .isEqualTo("dydx-gateway");
  }

  @Test
  void everyLibraryOfThePackageIsInItWithItsVersion() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (JsonNode one : sbom.path("components")) {
      String version = one.path("version").asText();
      listed.add(one.path("group").asText() + "." + one.path("name").asText() + "-" + version);
      assertThat(one.path("purl").asText()).contains("@" + version);
    }
    assertThat(listed).hasSizeGreaterThan(100);
    List<String> shipped = libraries();
    assertThat(shipped).hasSizeGreaterThan(100).allMatch(jar -> isListed(jar, listed));
    assertThat(listed).noneMatch(name -> name.contains("junit") || name.contains("assertj"));
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
          .collect(Collectors.toList());
    }
  }
}
