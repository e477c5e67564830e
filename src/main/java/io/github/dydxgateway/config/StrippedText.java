package io.github.dydxgateway.config;

import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads a text without white space around it, such as the line end of a file that holds a secret;
 * nothing else counts as none.
 */
public final class StrippedText implements Converter<String> {
  private static final long serialVersionUID = 1;

  @Override
  public String convert(String value) {
    String stripped = value.strip();
    return stripped.isEmpty() ? null : stripped;
  }
}
