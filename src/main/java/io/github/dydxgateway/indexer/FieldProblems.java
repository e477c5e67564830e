package io.github.dydxgateway.indexer;

import io.github.dydxgateway.indexer.ChannelContents.FieldProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects the unreadable values of records that tell their problems. Not thread safe. */
final class FieldProblems implements UnreadableValues {
  /** Further ones are told by a last entry only: they may be many times as large as the frame. */
  static final int MAX_PROBLEMS = 1000;

  private static final int MAX_TEXT = 200;

  private List<FieldProblem> problems = List.of();

  @Override
  public void add(JsonCursor in, String expected) throws IOException {
    if (problems.size() < MAX_PROBLEMS) {
      String got = in.excerpt();
      note(in.path(), "expected " + expected + ", got " + got);
    } else {
      in.skip();
      note(in.path(), "");
    }
  }

  /** Notes that the object just read lacks something. */
  void addMissing(JsonCursor in, String expected) {
    note(in.path(), "expected " + expected + ", got none");
  }

  private void note(String path, String problem) {
    if (problems.isEmpty()) {
      problems = new ArrayList<>();
    }
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(
          new FieldProblem(
              path, problem.length() > MAX_TEXT ? problem.substring(0, MAX_TEXT) : problem));
    } else if (problems.size() == MAX_PROBLEMS) {
      problems.add(new FieldProblem(path, "this and further fields could not be read either"));
    }
  }

  void clear() {
    problems = List.of();
  }

  /** What was collected; begins anew. */
  List<FieldProblem> take() {
    List<FieldProblem> taken = problems;
    problems = List.of();
    return taken.isEmpty() ? taken : Collections.unmodifiableList(taken);
  }
}
