package io.github.dydxgateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The manifests of the base, between themselves and with the program. */
@Tag("deploy")
class ManifestsTest {
  private static final String BASE = "deploy/kubernetes/base/";

  private Yaml deployment;
  private Yaml pod;
  private Yaml container;
  private Map<String, Integer> ports;

  @BeforeEach
  void read() throws IOException {
    deployment = Yaml.file(BASE + "deployment.yaml");
    pod = deployment.at("spec", "template", "spec");
    container = pod.at("containers", 0);
    ports =
        container.list("ports").stream()
            .collect(
                Collectors.toMap(
                    port -> port.string("name"), port -> port.number("containerPort")));
  }

  @Test
  void portsAreThoseOfTheProgram() throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(Yaml.text("src/main/resources/application.properties")));
    assertThat(ports)
        .containsEntry("grpc", Integer.valueOf(properties.getProperty("quarkus.grpc.server.port")))
        .containsEntry("http", Integer.valueOf(properties.getProperty("quarkus.http.port")));
    for (String dockerfile : List.of("Dockerfile.jvm", "Dockerfile.native")) {
      assertThat(Yaml.text("deploy/docker/" + dockerfile))
          .contains("EXPOSE " + ports.get("http") + " " + ports.get("grpc") + "\n");
    }
    assertThat(Yaml.text("deploy/helm/dydx-gateway/templates/deployment.yaml"))
        .contains("containerPort: " + ports.get("grpc"))
        .contains("containerPort: " + ports.get("http"));
  }

  @Test
  void probesUseTheRightPathsAndPorts() {
    assertThat(container.string("startupProbe", "httpGet", "path")).isEqualTo("/q/health/started");
    assertThat(container.string("livenessProbe", "httpGet", "path")).isEqualTo("/q/health/live");
    assertThat(container.string("startupProbe", "httpGet", "port")).isEqualTo("http");
    assertThat(container.string("livenessProbe", "httpGet", "port")).isEqualTo("http");
    assertThat(container.number("readinessProbe", "grpc", "port")).isEqualTo(ports.get("grpc"));
  }

  @Test
  void everyNamedPortIsOneOfTheContainer() throws IOException {
    for (Yaml service : Yaml.documents(BASE + "service.yaml")) {
      for (Yaml port : service.list("spec", "ports")) {
        assertThat(ports)
            .containsEntry(port.string("targetPort"), Integer.valueOf(port.number("port")));
      }
    }
    for (Yaml rule : Yaml.file(BASE + "networkpolicy.yaml").list("spec", "ingress")) {
      assertThat(ports).containsKey(rule.string("ports", 0, "port"));
    }
    assertThat(ports)
        .containsKey(
            Yaml.file("deploy/kubernetes/components/prometheus-operator/servicemonitor.yaml")
                .string("spec", "endpoints", 0, "port"));
  }

  @Test
  void everySelectorMeansThesePods() throws IOException {
    Map<String, Object> labels = deployment.map("spec", "template", "metadata", "labels");
    assertThat(labels).isNotEmpty();
    assertThat(deployment.map("spec", "selector", "matchLabels")).isEqualTo(labels);
    assertThat(Yaml.file(BASE + "poddisruptionbudget.yaml").map("spec", "selector", "matchLabels"))
        .isEqualTo(labels);
    assertThat(Yaml.file(BASE + "networkpolicy.yaml").map("spec", "podSelector", "matchLabels"))
        .isEqualTo(labels);
    for (Yaml service : Yaml.documents(BASE + "service.yaml")) {
      assertThat(service.map("spec", "selector")).isEqualTo(labels);
    }
    for (Yaml spread : pod.list("topologySpreadConstraints")) {
      assertThat(spread.map("labelSelector", "matchLabels")).isEqualTo(labels);
    }
    assertThat(
            Yaml.file(BASE + "horizontalpodautoscaler.yaml")
                .string("spec", "scaleTargetRef", "name"))
        .isEqualTo(deployment.string("metadata", "name"));
  }

  @Test
  void rollingUpdateDrainsBeforeThePodIsKilled() {
    assertThat(deployment.number("spec", "strategy", "rollingUpdate", "maxUnavailable")).isZero();
    int drain = container.number("lifecycle", "preStop", "sleep", "seconds");
    assertThat(drain).isPositive();
    // The gateway gives its own stop 5 s.
    assertThat(pod.number("terminationGracePeriodSeconds")).isGreaterThan(drain + 10);
  }

  @Test
  void containerHasNoRightsThatItDoesNotNeed() {
    assertThat(pod.at("securityContext", "runAsNonRoot").node()).isEqualTo(true);
    assertThat(pod.at("automountServiceAccountToken").node()).isEqualTo(false);
    assertThat(pod.string("securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
    assertThat(container.at("securityContext", "readOnlyRootFilesystem").node()).isEqualTo(true);
    assertThat(container.at("securityContext", "allowPrivilegeEscalation").node()).isEqualTo(false);
    assertThat(container.list("securityContext", "capabilities", "drop"))
        .extracting(Yaml::node)
        .containsExactly("ALL");
    assertThat(container.map("resources", "limits")).containsKey("memory");
    assertThat(container.map("resources", "requests")).containsKeys("cpu", "memory");
  }

  @Test
  void imagesRunAsTheUserOfTheManifests() throws IOException {
    String user = "USER " + pod.number("securityContext", "runAsUser") + ":";
    for (String dockerfile : List.of("Dockerfile.jvm", "Dockerfile.native")) {
      String text = Yaml.text("deploy/docker/" + dockerfile);
      assertThat(text).contains("\n" + user);
      assertThat(
              Arrays.stream(text.split("\n"))
                  .filter(line -> line.startsWith("FROM "))
                  .map(line -> line.split(" ")[1]))
          .as("base images are pinned by tag")
          .allMatch(image -> image.matches("[^:]+:(?!latest).+"));
    }
  }

  @Test
  void kustomizationsNameEveryFileBesideThem() throws IOException {
    List<String> named =
        Yaml.file(BASE + "kustomization.yaml").list("resources").stream()
            .map(resource -> resource.node().toString())
            .toList();
    try (Stream<Path> files = Files.list(Path.of(BASE))) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".yaml") && !name.equals("kustomization.yaml")))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }
}
