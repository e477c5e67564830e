package io.github.dydxgateway.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.List;

/**
 * Removes blanks and line ends around the values of keys that users set, wherever they come from: a
 * secret that was written to a file with {@code echo} ends with a line end, which is no part of it.
 */
@Priority(Priorities.APPLICATION)
public final class TrimmedValues implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1;

  private static final List<String> PREFIXES =
      List.of(
          "gateway.",
          "mp.jwt.",
          "smallrye.jwt.",
          "quarkus.tls.",
          "quarkus.http.",
          "quarkus.grpc.",
          "quarkus.otel.");

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (value == null
        || value.getValue() == null
        || PREFIXES.stream().noneMatch(name::startsWith)) {
      return value;
    }
    String trimmed = value.getValue().strip();
    return trimmed.length() == value.getValue().length() ? value : value.withValue(trimmed);
  }
}
