package io.github.dydxgateway.chaos;

import io.github.dydxgateway.v1.Event;
import java.util.function.Consumer;

/** Heights of blocks: each once, unless a gap was announced. Not thread safe. */
final class BlocksContents implements TopicContents {
  private final Consumer<String> problems;
  private long height;
  private boolean excused = true;

  BlocksContents(Consumer<String> problems) {
    this.problems = problems;
  }

  @Override
  public void joined() {
    excused = true;
    height = 0;
  }

  @Override
  public void gap() {
    excused = true;
  }

  @Override
  public void snapshot(Event event) {
    take(event.getBlockHeight().getHeight(), height);
  }

  @Override
  public void update(Event event) {
    take(event.getBlockHeight().getHeight(), height + 1);
  }

  private void take(long now, long lowest) {
    if (now < lowest) {
      problems.accept("after block " + height + " came " + now);
    } else if (!excused && now > height + 1) {
      problems.accept("between blocks " + height + " and " + now + " some are missing, silently");
    }
    height = now;
    excused = false;
  }

  @Override
  public Long holds() {
    return height;
  }
}
