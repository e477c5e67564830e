package io.github.dydxgateway.indexer;

import java.nio.charset.StandardCharsets;

/**
 * Reads the values and names of JSON from its bytes, one after the other, as strictly as RFC 8259
 * and RFC 3629 describe them; knows nothing of how they nest. A text without escapes is a part of
 * the bytes. Reused from frame to frame; not thread safe.
 */
final class JsonBytes {
  /** Most bytes of a text that is read, as it was written; a longer one can only be skipped. */
  static final int MAX_TEXT = 1 << 20;

  /**
   * Most bytes of a name, as it was written. Names are tickers too, of up to 255 characters at the
   * venue, of which an escaped one takes up to 12 bytes.
   */
  static final int MAX_NAME = 4096;

  private static final String A_VALUE = "a value";
  private static final String A_DIGIT = "a digit";

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final JsonEscapes escapes = new JsonEscapes();
  private byte[] buffer;
  private int begin;
  private int end;
  private int at;
  private int valueStart;
  private byte[] text;
  private int textStart;
  private int textEnd;
  private boolean escaped;

  /** Begins with new JSON. */
  void open(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    begin = offset;
    end = offset + length;
    at = offset;
  }

  /** Where the next byte is read. */
  int at() {
    return at;
  }

  /** Goes back, to where {@link #valueStart} was. */
  void returnTo(int start) {
    at = start;
  }

  /** Where the last value begins. */
  int valueStart() {
    return valueStart;
  }

  /** The next byte after white space; does not pass it. */
  byte peek(String expected) throws UnexpectedShapeException {
    skipSpace();
    if (at == end) {
      throw unexpected(at, expected);
    }
    return buffer[at];
  }

  /** Passes the next byte. */
  void pass() {
    at++;
  }

  /** Whether only white space is left. */
  boolean isAtEnd() {
    skipSpace();
    return at == end;
  }

  private void skipSpace() {
    int i = at;
    while (i < end && isSpace(buffer[i])) {
      i++;
    }
    at = i;
  }

  private static boolean isSpace(byte b) {
    return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
  }

  /** Reads a value; of an object or array only its first byte. */
  JsonValue readValue() throws UnexpectedShapeException {
    byte first = peek(A_VALUE);
    valueStart = at;
    switch (first) {
      case '"':
        readString();
        return JsonValue.STRING;
      case '{':
        at++;
        return JsonValue.OBJECT;
      case '[':
        at++;
        return JsonValue.ARRAY;
      case 't':
        readLiteral(TRUE);
        return JsonValue.TRUE;
      case 'f':
        readLiteral(FALSE);
        return JsonValue.FALSE;
      case 'n':
        readLiteral(NULL);
        return JsonValue.NULL;
      default:
        readNumber(first);
        return JsonValue.NUMBER;
    }
  }

  /** Passes a field's name and the colon after it if it is that one, without any escapes. */
  boolean passName(KnownText name) throws UnexpectedShapeException {
    skipSpace();
    int start = at + 1;
    int close = start + name.length();
    if (close >= end
        || buffer[at] != '"'
        || buffer[close] != '"'
        || !name.isStartOf(buffer, start, end)) {
      return false;
    }
    at = close + 1;
    passColon();
    return true;
  }

  /**
   * Reads a field's name, which then is the text, and the colon after it. Tells whether it has no
   * escapes.
   */
  boolean readName() throws UnexpectedShapeException {
    if (peek("a name") != '"') {
      throw unexpected(at, "a name");
    }
    readString();
    if (textEnd - textStart > MAX_NAME) {
      throw new UnexpectedShapeException(
          "expected names of at most " + MAX_NAME + " bytes, got " + (textEnd - textStart));
    }
    boolean plain = !escaped;
    if (!plain) {
      checkPairs();
    }
    passColon();
    return plain;
  }

  /** Two fields must not become one because what tells them apart was replaced. */
  private void checkPairs() throws UnexpectedShapeException {
    textBytes();
    if (escapes.hasHalfPair()) {
      throw new UnexpectedShapeException("expected names in Unicode, got half a surrogate pair");
    }
  }

  private void passColon() throws UnexpectedShapeException {
    if (peek("a colon") != ':') {
      throw unexpected(at, "a colon");
    }
    at++;
  }

  private void readString() throws UnexpectedShapeException {
    byte[] bytes = buffer;
    int start = at + 1;
    boolean hasEscapes = false;
    int i = Words.plainTextEnd(bytes, start, end);
    while (i == end || bytes[i] != '"') {
      if (i < end && bytes[i] == '\\') {
        hasEscapes = true;
        i += lengthOr(JsonEscapes.length(bytes, i, end), i, "an escape");
      } else if (i < end && bytes[i] < 0) {
        i += lengthOr(Utf8.length(bytes, i, end), i, "UTF-8");
      } else {
        throw unexpected(i, "a character or the string's end");
      }
      i = Words.plainTextEnd(bytes, i, end);
    }
    setText(start, i, hasEscapes);
    at = i + 1;
  }

  private int lengthOr(int length, int i, String expected) throws UnexpectedShapeException {
    if (length == 0) {
      throw unexpected(i, expected);
    }
    return length;
  }

  private void readLiteral(byte[] literal) throws UnexpectedShapeException {
    for (byte b : literal) {
      if (at == end || buffer[at] != b) {
        throw unexpected(at, "true, false or null");
      }
      at++;
    }
  }

  private void readNumber(byte first) throws UnexpectedShapeException {
    if (first != '-' && !isDigit(first)) {
      throw unexpected(at, A_VALUE);
    }
    int i = first == '-' ? at + 1 : at;
    i = i < end && buffer[i] == '0' ? i + 1 : digitsEnd(i);
    if (i < end && buffer[i] == '.') {
      i = digitsEnd(i + 1);
    }
    if (i < end && (buffer[i] == 'e' || buffer[i] == 'E')) {
      i++;
      i = digitsEnd(i < end && (buffer[i] == '+' || buffer[i] == '-') ? i + 1 : i);
    }
    setText(at, i, false);
    at = i;
  }

  /** Where the digits end, of which there must be one at least. */
  private int digitsEnd(int from) throws UnexpectedShapeException {
    int i = from;
    while (i < end && isDigit(buffer[i])) {
      i++;
    }
    if (i == from) {
      throw unexpected(i, A_DIGIT);
    }
    return i;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private void setText(int start, int end, boolean hasEscapes) {
    text = buffer;
    textStart = start;
    textEnd = end;
    escaped = hasEscapes;
  }

  /**
   * Holds the last string, number or name as UTF-8. To be called before {@link #textOffset} and
   * {@link #textLength}, which tell where.
   */
  byte[] textBytes() throws UnexpectedShapeException {
    if (textEnd - textStart > MAX_TEXT) {
      throw new UnexpectedShapeException(
          "expected texts of at most " + MAX_TEXT + " bytes, got " + (textEnd - textStart));
    }
    if (escaped) {
      escapes.decode(text, textStart, textEnd);
      text = escapes.decoded();
      textStart = 0;
      textEnd = escapes.decodedLength();
      escaped = false;
    }
    return text;
  }

  int textOffset() {
    return textStart;
  }

  int textLength() {
    return textEnd - textStart;
  }

  /** The last string, number or name as a new String. */
  String text() throws UnexpectedShapeException {
    byte[] bytes = textBytes();
    return new String(bytes, textStart, textEnd - textStart, StandardCharsets.UTF_8);
  }

  /** What to throw where something else was expected than the next byte. */
  UnexpectedShapeException unexpected(String expected) {
    return unexpected(at, expected);
  }

  private UnexpectedShapeException unexpected(int place, String expected) {
    return new UnexpectedShapeException(
        "expected JSON at byte " + (place - begin) + ": " + expected + ", got " + got(place));
  }

  private String got(int place) {
    if (place == end) {
      return "the end of the frame";
    }
    byte b = buffer[place];
    return b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "a byte " + (b & 0xFF);
  }
}
