package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Frames recorded from the venue, where they are at hand. */
class RecordedFramesTest {
  private static final Path FIXTURES = Path.of("../shared/fixtures");

  @Test
  void everyRecordedFrameIsReadWithoutProblems() throws IOException, MalformedFrameException {
    assumeTrue(Files.isDirectory(FIXTURES), "no recorded frames here");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(FIXTURES)) {
      files = walk.filter(path -> path.toString().endsWith(".json")).toList();
    }
    assertThat(files).isNotEmpty();
    FrameReader reader = new FrameReader();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      IndexerFrame frame = reader.read(bytes, 0, bytes.length);
      assertThat(frame).as(file.toString()).isNotInstanceOf(IndexerFrame.Unknown.class);
      assertThat(frame.toString())
          .as(file.toString())
          .doesNotContain("FieldProblem[")
          .doesNotContain("…");
    }
  }
}
