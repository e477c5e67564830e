package io.github.dydxgateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What dashboards, alerts, the autoscaler and probes ask of the gateway, a running one answers. */
@QuarkusTest
@Tag("deploy")
class ScrapedGatewayTest {
  private static final Pattern SERIES =
      Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern PATH = Pattern.compile("/q/[a-z/]+");

  /** Prometheus adds these to every series, and {@code up} for every target. */
  private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

  private static final String METRIC_OF_PROMETHEUS = "up";

  @TestHTTPResource("/")
  URI address;

  private final Map<String, Map<String, Set<String>>> series = new HashMap<>();

  @BeforeEach
  void scrape() throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/q/health/ready").statusCode() == 200);
    for (String line : get("/q/metrics").body().split("\n")) {
      Matcher matcher = SERIES.matcher(line);
      if (!line.startsWith("#") && matcher.matches()) {
        Map<String, Set<String>> labels =
            series.computeIfAbsent(matcher.group(1), name -> new HashMap<>());
        if (matcher.group(2) != null) {
          LABEL
              .matcher(matcher.group(2))
              .results()
              .forEach(
                  label ->
                      labels
                          .computeIfAbsent(label.group(1), name -> new HashSet<>())
                          .add(label.group(2)));
        }
      }
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void alertsAskForSeriesThatExist() throws IOException {
    int asked = 0;
    for (Yaml group : Yaml.file("deploy/prometheus/alerts.yaml").list("groups")) {
      for (Yaml rule : group.list("rules")) {
        check(rule.string("alert"), rule.string("expr"));
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(10);
  }

  @Test
  void dashboardsAskForSeriesThatExist() throws IOException {
    Yaml dashboard = Yaml.file("deploy/grafana/dashboards/dydx-gateway.json");
    int asked = 0;
    for (Yaml panel : dashboard.list("panels")) {
      if (panel.has("targets")) {
        for (Yaml target : panel.list("targets")) {
          check(panel.string("title"), target.string("expr"));
          asked++;
        }
      }
    }
    for (Yaml variable : dashboard.list("templating", "list")) {
      if (variable.string("type").equals("query")) {
        Matcher matcher =
            Pattern.compile("label_values\\((\\w+)").matcher(variable.string("query", "query"));
        assertThat(matcher.find()).isTrue();
        assertThat(series).containsKey(matcher.group(1));
      }
    }
    assertThat(asked).isGreaterThan(20);
  }

  @Test
  void dashboardShowsEveryMetricOfTheGateway() throws IOException {
    String dashboard = Yaml.text("deploy/grafana/dashboards/dydx-gateway.json");
    Set<String> ours = new TreeSet<>(series.keySet());
    ours.removeIf(name -> !name.startsWith("gateway_"));
    assertThat(ours)
        .hasSizeGreaterThan(15)
        .allSatisfy(name -> assertThat(dashboard).contains(name));
  }

  @Test
  void readmeNamesMetricsThatExist() throws IOException {
    Matcher matcher = Pattern.compile("`(gateway_[a-z_]+)(\\*?)`").matcher(Yaml.text("README.md"));
    List<String> missing = new ArrayList<>();
    while (matcher.find()) {
      String name = matcher.group(1);
      boolean found =
          matcher.group(2).isEmpty()
              ? series.containsKey(name)
              : series.keySet().stream().anyMatch(one -> one.startsWith(name));
      if (!found) {
        missing.add(name);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void autoscalerAsksForAMetricThatExists() throws IOException {
    Yaml autoscaler = Yaml.file("deploy/kubernetes/base/horizontalpodautoscaler.yaml");
    assertThat(series)
        .containsKey(autoscaler.string("spec", "metrics", 0, "pods", "metric", "name"));
    assertThat(Yaml.text("deploy/helm/dydx-gateway/templates/horizontalpodautoscaler.yaml"))
        .contains("name: " + autoscaler.string("spec", "metrics", 0, "pods", "metric", "name"));
  }

  @Test
  void pathsThatProbesAndPrometheusAskForAreServed() throws Exception {
    Set<String> paths = new TreeSet<>();
    for (String file :
        List.of(
            "deploy/kubernetes/base/deployment.yaml",
            "deploy/kubernetes/components/prometheus-operator/servicemonitor.yaml",
            "deploy/helm/dydx-gateway/templates/deployment.yaml",
            "deploy/helm/dydx-gateway/templates/servicemonitor.yaml",
            "deploy/prometheus/prometheus.yaml",
            "deploy/docker/healthcheck",
            "deploy/docker/train")) {
      Matcher matcher = PATH.matcher(Yaml.text(file));
      assertThat(matcher.find()).as(file).isTrue();
      do {
        paths.add(matcher.group());
      } while (matcher.find());
    }
    assertThat(paths)
        .containsExactly("/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics");
    for (String path : paths) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  private void check(String where, String text) {
    PromQuery query = new PromQuery(text);
    Set<String> metrics = query.metrics();
    assertThat(metrics).as("%s: %s", where, text).isNotEmpty();
    Set<String> labels = new HashSet<>(LABELS_OF_PROMETHEUS);
    for (String metric : metrics) {
      if (!metric.equals(METRIC_OF_PROMETHEUS)) {
        assertThat(series).as("%s: %s", where, text).containsKey(metric);
        labels.addAll(series.get(metric).keySet());
      }
    }
    assertThat(labels).as("%s: %s", where, text).containsAll(query.groupingLabels());
    for (PromQuery.LabelMatcher matcher : query.matchers()) {
      if (!LABELS_OF_PROMETHEUS.contains(matcher.label())) {
        assertThat(matcher.operator()).as("%s: %s", where, text).isEqualTo("=");
        assertThat(series.get(matcher.metric()).getOrDefault(matcher.label(), Set.of()))
            .as("%s: %s", where, text)
            .contains(matcher.value());
      }
    }
  }
}
