package io.github.dydxgateway.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Removes blanks and line ends around the values of keys that users set, wherever they come from: a
 * secret that was written to a file with {@code echo} ends with a line end, which is no part of it.
 * Passwords of key stores and trust stores lose line ends only: a blank may be part of them.
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

  private static final Pattern LINE_ENDS = Pattern.compile("^[\\r\\n]+|[\\r\\n]+$");

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (value == null
        || value.getValue() == null
        || PREFIXES.stream().noneMatch(name::startsWith)) {
      return value;
    }
    String trimmed =
        isStorePassword(name)
            ? LINE_ENDS.matcher(value.getValue()).replaceAll("")
            : value.getValue().strip();
    return trimmed.length() == value.getValue().length() ? value : value.withValue(trimmed);
  }

  /** Whether a key holds the password of a key store or trust store. */
  private static boolean isStorePassword(String name) {
    return name.startsWith("quarkus.tls.") && name.endsWith("password");
  }
}
