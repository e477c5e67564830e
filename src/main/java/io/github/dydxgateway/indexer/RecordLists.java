package io.github.dydxgateway.indexer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads the lists of account records in the shapes that the venue gives them. An element that is no
 * object, or a value that is no list, is a problem and left out; null is an empty list. Not thread
 * safe.
 */
final class RecordLists {
  private final JsonCursor in;
  private final FieldProblems problems;

  RecordLists(JsonCursor in, FieldProblems problems) {
    this.in = in;
    this.problems = problems;
  }

  /** Records in an array. */
  <T> List<T> array(RecordReader<T> reader) throws IOException {
    return in.isArray() ? elements(reader) : empty("an array");
  }

  /** Records in an array, or a single one. */
  <T> List<T> arrayOrOne(RecordReader<T> reader) throws IOException {
    if (in.isObject()) {
      return List.of(reader.read(in, null));
    }
    return in.isArray() ? elements(reader) : empty("an array or an object");
  }

  /** Records in an array, or in an object by their name. */
  <T> List<T> arrayOrMap(RecordReader<T> reader) throws IOException {
    if (in.isObject()) {
      return entries(reader);
    }
    return in.isArray() ? elements(reader) : empty("an array or an object");
  }

  private <T> List<T> elements(RecordReader<T> reader) throws IOException {
    List<T> records = new ArrayList<>();
    while (in.nextElement()) {
      addRecord(records, reader, null);
    }
    return Collections.unmodifiableList(records);
  }

  private <T> List<T> entries(RecordReader<T> reader) throws IOException {
    List<T> records = new ArrayList<>();
    for (String key = in.nextEntry(); key != null; key = in.nextEntry()) {
      addRecord(records, reader, key);
    }
    return Collections.unmodifiableList(records);
  }

  private <T> void addRecord(List<T> records, RecordReader<T> reader, String key)
      throws IOException {
    if (in.isObject()) {
      records.add(reader.read(in, key));
    } else {
      problems.add(in, "an object");
    }
  }

  private <T> List<T> empty(String expected) throws IOException {
    if (!in.isNull()) {
      problems.add(in, expected);
    }
    return List.of();
  }
}
