package io.github.dydxgateway.simulator;

import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.time.Duration;

/** Parameters of requests to {@link Control}; what is missing or wrong is named. */
final class ControlParameters {

  private ControlParameters() {}

  static Duration millis(HttpServerRequest request) {
    return Duration.ofMillis(number(request, "ms"));
  }

  static String text(HttpServerRequest request, String name) {
    String value = request.getParam(name);
    if (value == null) {
      throw new IllegalArgumentException("parameter is missing: " + name);
    }
    return value;
  }

  static int number(HttpServerRequest request, String name) {
    String value = text(request, name);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number but is " + value, e);
    }
  }

  static int number(HttpServerRequest request, String name, int absent) {
    return request.getParam(name) == null ? absent : number(request, name);
  }

  static BigDecimal decimal(HttpServerRequest request, String name) {
    String value = text(request, name);
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a decimal number but is " + value, e);
    }
  }
}
