package io.github.dydxgateway.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a PromQL query asks for: just enough of the language for ours. */
record PromQuery(String text) {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern MATCHERS = Pattern.compile("(" + NAME + ")\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(" + NAME + ")(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern WORD = Pattern.compile(NAME + "\\s*\\(?");
  private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset");

  /** A condition on a label. */
  record LabelMatcher(String metric, String label, String operator, String value) {}

  /** Names of all metrics. */
  Set<String> metrics() {
    String rest = text.replaceAll("\\{[^}]*}", " ").replaceAll("\\[[^]]*]", " ");
    rest = GROUPING.matcher(rest).replaceAll(" ");
    Set<String> metrics = new TreeSet<>();
    WORD.matcher(rest)
        .results()
        .map(MatchResult::group)
        .filter(word -> !word.endsWith("("))
        .map(String::strip)
        .filter(word -> !KEYWORDS.contains(word))
        .forEach(metrics::add);
    return metrics;
  }

  /** Conditions on labels. */
  List<LabelMatcher> matchers() {
    List<LabelMatcher> all = new ArrayList<>();
    MATCHERS
        .matcher(text)
        .results()
        .forEach(
            selector ->
                MATCHER
                    .matcher(selector.group(2))
                    .results()
                    .forEach(
                        one ->
                            all.add(
                                new LabelMatcher(
                                    selector.group(1), one.group(1), one.group(2), one.group(3)))));
    return all;
  }

  /** Labels that results are grouped by. */
  Set<String> groupingLabels() {
    Set<String> labels = new TreeSet<>();
    GROUPING
        .matcher(text)
        .results()
        .flatMap(one -> List.of(one.group(2).split(",")).stream())
        .map(String::strip)
        .filter(label -> !label.isEmpty())
        .forEach(labels::add);
    return labels;
  }
}
