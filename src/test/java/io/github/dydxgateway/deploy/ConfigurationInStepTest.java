package io.github.dydxgateway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The README, the chart and the manifests name every key of the program, and no other. */
@Tag("deploy")
class ConfigurationInStepTest {
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  private final ConfigKeys keys = new ConfigKeys();

  @Test
  void theWalkFindsTheKeys() {
    assertThat(keys.plain())
        .containsEntry("upstream.network", "mainnet")
        .containsEntry("upstream.url", "")
        .containsEntry("upstream.reconnect.max-delay", "5s")
        .hasSizeGreaterThan(25);
    assertThat(keys.account()).containsExactly("account-id", "address", "subaccounts");
  }

  @Test
  void valuesOfTheChartAreTheKeysWithTheirDefaults() throws IOException {
    Map<String, String> values = new TreeMap<>();
    flatten(Yaml.file("deploy/helm/dydx-gateway/values.yaml").map("gateway"), "", values);
    assertThat(values).isEqualTo(keys.plain());
  }

  @Test
  void schemaOfTheChartAllowsTheKeysAndNoOther() throws IOException {
    Yaml schema = Yaml.file("deploy/helm/dydx-gateway/values.schema.json");
    List<String> allowed = new ArrayList<>();
    collect(schema.at("properties", "gateway"), "", allowed);
    assertThat(allowed).containsExactlyInAnyOrderElementsOf(keys.plain().keySet());
    Yaml account = schema.at("properties", "accounts", "items");
    assertThat(account.at("additionalProperties").node()).isEqualTo(false);
    assertThat(account.map("properties").keySet())
        .containsExactlyInAnyOrderElementsOf(keys.account());
    Yaml token = schema.at("properties", "tokens", "items");
    assertThat(token.at("additionalProperties").node()).isEqualTo(false);
    assertThat(token.map("properties").keySet()).containsExactlyInAnyOrderElementsOf(keys.token());
  }

  @Test
  void chartTurnsAllItsValuesIntoVariables() throws IOException {
    assertThat(Yaml.text("deploy/helm/dydx-gateway/templates/configmap.yaml"))
        .contains("dict \"prefix\" \"GATEWAY\" \"tree\" .Values.gateway)");
    assertThat(Yaml.text("deploy/helm/dydx-gateway/templates/secret.yaml"))
        .contains("range $index, $account := .Values.accounts")
        .contains("GATEWAY_ACCOUNTS_{{ $index }}__{{ include \"dydx-gateway.variable\" $key }}")
        .contains(
            "GATEWAY_ACCESS_TOKENS_{{ $index }}__{{ include \"dydx-gateway.variable\" $key }}");
  }

  @Test
  void configMapOfTheBaseHasEveryKeyWithItsDefault() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    keys.plain().forEach((key, value) -> expected.put(ConfigKeys.variable(key), value));
    assertThat(variables("deploy/kubernetes/base/gateway.env")).isEqualTo(expected);
  }

  @Test
  void secretsHaveEveryKeyOfAnAccount() throws IOException {
    List<String> expected = keys.account().stream().map(this::accountVariable).toList();
    assertThat(variables("deploy/kubernetes/base/accounts.env.example").keySet())
        .containsExactlyInAnyOrderElementsOf(expected);
    Yaml overlay = Yaml.file("deploy/kubernetes/overlays/simulator/kustomization.yaml");
    assertThat(overlay.list("secretGenerator", 0, "literals"))
        .extracting(literal -> literal.node().toString().split("=", 2)[0])
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void overlaysChangeOnlyKeysThatExist() throws IOException {
    List<String> known = keys.plain().keySet().stream().map(ConfigKeys::variable).toList();
    for (String overlay : List.of("production", "simulator", "testnet")) {
      Yaml file = Yaml.file("deploy/kubernetes/overlays/" + overlay + "/kustomization.yaml");
      assertThat(file.list("configMapGenerator", 0, "literals"))
          .extracting(literal -> literal.node().toString().split("=", 2)[0])
          .isSubsetOf(known);
    }
  }

  @Test
  void readmeNamesEveryKeyWithItsDefault() throws IOException {
    Map<String, String> told = new TreeMap<>();
    for (String line : Yaml.text("README.md").split("\n")) {
      if (line.startsWith("| `gateway.")) {
        String[] cells = line.split("(?<!\\\\)\\|");
        List<String> names = namesOf(codes(cells[1]));
        List<String> values = codes(cells[2]);
        for (int i = 0; i < names.size(); i++) {
          told.put(names.get(i), i < values.size() ? values.get(i) : "");
        }
      }
    }
    assertThat(told).isEqualTo(keys.all());
  }

  /** Later names of a cell replace the end of the first: {@code .max-delay}. */
  private static List<String> namesOf(List<String> codes) {
    String first = codes.get(0);
    String parent = first.substring(0, first.lastIndexOf('.') + 1);
    return codes.stream()
        .map(
            code ->
                code.startsWith("gateway.")
                    ? code
                    : parent + (code.startsWith(".") ? code.substring(1) : code))
        .toList();
  }

  private static List<String> codes(String cell) {
    Matcher matcher = CODE.matcher(cell);
    return matcher.results().map(found -> found.group(1)).toList();
  }

  private String accountVariable(String key) {
    return "GATEWAY_ACCOUNTS_0__" + ConfigKeys.variable(key).substring("GATEWAY_".length());
  }

  private static Map<String, String> variables(String path) throws IOException {
    return Arrays.stream(Yaml.text(path).split("\n"))
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> a + b, TreeMap::new));
  }

  private static void flatten(Map<?, ?> tree, String prefix, Map<String, String> into) {
    tree.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> below) {
            flatten(below, prefix + key + ".", into);
          } else {
            into.put(prefix + key, String.valueOf(value));
          }
        });
  }

  private static void collect(Yaml schema, String prefix, List<String> into) {
    assertThat(schema.at("additionalProperties").node()).isEqualTo(false);
    for (String key : schema.map("properties").keySet()) {
      Yaml below = schema.at("properties", key);
      if (below.has("properties")) {
        collect(below, prefix + key + ".", into);
      } else {
        into.add(prefix + key);
      }
    }
  }
}
