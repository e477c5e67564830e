package io.github.dydxgateway.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A node of a YAML or JSON file, reached by its path. */
record Yaml(Object node) {
  static Yaml file(String path) throws IOException {
    return documents(path).get(0);
  }

  static List<Yaml> documents(String path) throws IOException {
    org.yaml.snakeyaml.Yaml parser =
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()));
    List<Yaml> documents = new ArrayList<>();
    parser.loadAll(text(path)).forEach(document -> documents.add(new Yaml(document)));
    return documents;
  }

  static String text(String path) throws IOException {
    return Files.readString(Path.of(path));
  }

  /** The node below these names and indexes; fails if there is none. */
  Yaml at(Object... path) {
    Object here = node;
    for (Object step : path) {
      Object next =
          step instanceof Integer index
              ? ((List<?>) here).get(index)
              : ((Map<?, ?>) here).get(step);
      if (next == null) {
        throw new AssertionError("no " + step + " of " + List.of(path) + " in " + here);
      }
      here = next;
    }
    return new Yaml(here);
  }

  boolean has(String name) {
    return ((Map<?, ?>) node).containsKey(name);
  }

  String string(Object... path) {
    return String.valueOf(at(path).node);
  }

  int number(Object... path) {
    return ((Number) at(path).node).intValue();
  }

  List<Yaml> list(Object... path) {
    List<Yaml> items = new ArrayList<>();
    ((List<?>) at(path).node).forEach(item -> items.add(new Yaml(item)));
    return items;
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> map(Object... path) {
    return (Map<String, Object>) at(path).node;
  }
}
