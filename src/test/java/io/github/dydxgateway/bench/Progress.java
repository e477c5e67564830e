package io.github.dydxgateway.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many events the slowest of the reading clients has, told by the clients' process to the
 * venue's through a file in memory: so the venue runs ahead only so far, and what is measured is
 * what the gateway can do rather than what it drops.
 */
final class Progress {
  private static final VarHandle VALUE =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer file;

  Progress(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
    }
  }

  void tell(long events) {
    VALUE.setRelease(file, 0, events);
  }

  long events() {
    return (long) VALUE.getAcquire(file, 0);
  }
}
