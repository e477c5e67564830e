package io.github.dydxgateway.config;

import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads a boolean; what is neither is an error, which the usual converter takes for false. */
public final class TrueOrFalse implements Converter<Boolean> {
  private static final long serialVersionUID = 1;

  @Override
  public Boolean convert(String value) {
    return switch (value.trim().toLowerCase(Locale.ROOT)) {
      case "" -> null;
      case "true", "yes", "on", "1" -> Boolean.TRUE;
      case "false", "no", "off", "0" -> Boolean.FALSE;
      default -> throw new IllegalArgumentException("must be true or false, got " + value);
    };
  }
}
