package io.github.dydxgateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert finds what to do. */
@Tag("deploy")
class AlertsTest {
  private static List<Yaml> rules() throws IOException {
    List<Yaml> rules = new ArrayList<>();
    for (Yaml group : Yaml.file("deploy/prometheus/alerts.yaml").list("groups")) {
      rules.addAll(group.list("rules"));
    }
    return rules;
  }

  @Test
  void eachAlertHasItsSectionInTheRunbookThatBeginsWithItsRunbookLine() throws IOException {
    String runbook = Yaml.text("docs/runbook.md");
    List<String> expected = new ArrayList<>();
    for (Yaml rule : rules()) {
      String name = rule.string("alert");
      expected.add(name);
      assertThat(rule.string("annotations", "summary")).as(name).isNotBlank();
      assertThat(rule.string("labels", "severity")).as(name).isIn("critical", "warning", "info");
      assertThat(runbook)
          .as(name)
          .contains("\n## " + name + "\n\n" + rule.string("annotations", "runbook") + "\n");
    }
    assertThat(expected).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    assertThat(runbook.lines().filter(line -> line.startsWith("## ")))
        .as("sections of the runbook")
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(name -> "## " + name).toList());
  }

  @Test
  void chartCarriesTheSameRulesAndDashboard() throws IOException {
    assertThat(Yaml.text("deploy/helm/dydx-gateway/files/alerts.yaml"))
        .isEqualTo(Yaml.text("deploy/prometheus/alerts.yaml"));
    assertThat(Yaml.text("deploy/helm/dydx-gateway/files/dydx-gateway.json"))
        .isEqualTo(Yaml.text("deploy/grafana/dashboards/dydx-gateway.json"));
  }

  @Test
  void limitInTheRuleIsNineTenthsOfTheDefault() throws IOException {
    long limit = Long.parseLong(new ConfigKeys().plain().get("stream.max-streams"));
    assertThat(rules())
        .filteredOn(rule -> rule.string("alert").equals("GatewayStreamsNearLimit"))
        .extracting(rule -> rule.string("expr"))
        .containsExactly("gateway_streams > " + limit * 9 / 10);
  }
}
