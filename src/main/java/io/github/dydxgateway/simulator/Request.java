package io.github.dydxgateway.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** What a client asks for; null is "not given". */
record Request(String type, String channel, String id, boolean batched) {

  private static final JsonFactory JSON = new JsonFactory();

  /** The request in a frame; empty where it is no JSON object. */
  static Optional<Request> parse(String frame) {
    try (JsonParser parser = JSON.createParser(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      String type = null;
      String channel = null;
      String id = null;
      boolean batched = false;
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        switch (name) {
          case "type" -> type = text;
          case "channel" -> channel = text;
          case "id" -> id = text;
          case "batched" -> batched = token == JsonToken.VALUE_TRUE;
          default -> {}
        }
        parser.skipChildren();
      }
      boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return whole ? Optional.of(new Request(type, channel, id, batched)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
