package io.github.dydxgateway.simulator;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes one JSON text in the order of the calls. Not thread-safe. */
final class JsonText {

  private final StringBuilder text;
  private final Deque<Character> open = new ArrayDeque<>();
  private boolean separate;

  JsonText() {
    this(256);
  }

  JsonText(int capacity) {
    text = new StringBuilder(capacity);
  }

  JsonText object() {
    return open('{');
  }

  JsonText object(String name) {
    return name(name).open('{');
  }

  JsonText endObject() {
    return close();
  }

  JsonText array() {
    return open('[');
  }

  JsonText array(String name) {
    return name(name).open('[');
  }

  JsonText endArray() {
    return close();
  }

  /** A text field; null is written as such. */
  JsonText field(String name, String value) {
    return name(name).value(value);
  }

  JsonText field(String name, long value) {
    return raw(name, Long.toString(value));
  }

  JsonText field(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  /** A field whose value is JSON already. */
  JsonText raw(String name, String json) {
    return name(name).raw(json);
  }

  /** An element that is JSON already. */
  JsonText raw(String json) {
    comma();
    text.append(json);
    return this;
  }

  /** A text element; null is written as such. */
  JsonText value(String value) {
    comma();
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  private JsonText name(String name) {
    comma();
    quote(name);
    text.append(':');
    separate = false;
    return this;
  }

  private JsonText open(char bracket) {
    comma();
    text.append(bracket);
    open.push(bracket);
    separate = false;
    return this;
  }

  private JsonText close() {
    text.append(open.pop() == '{' ? '}' : ']');
    separate = true;
    return this;
  }

  private void comma() {
    if (separate) {
      text.append(',');
    }
    separate = true;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  /** Ends every object and array that is still open. */
  String closeAll() {
    while (!open.isEmpty()) {
      close();
    }
    return toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
