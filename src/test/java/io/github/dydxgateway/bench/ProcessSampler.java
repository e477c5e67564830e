package io.github.dydxgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel knows of a process. Linux only. */
final class ProcessSampler {
  private static final double TICKS_PER_SECOND = 100; // of the kernel's CPU accounting

  private ProcessSampler() {}

  /** Processor time used so far by all threads. */
  static double cpuSeconds(long pid) throws IOException {
    String line = Files.readString(proc(pid, "stat"));
    List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
  }

  /** Resident memory now, in MiB. */
  static double residentMib(long pid) throws IOException {
    return kib(pid, "VmRSS") / 1024.0;
  }

  /** A figure of {@code /proc/PID/status}, in KiB. */
  static long kib(long pid, String figure) throws IOException {
    for (String line : Files.readAllLines(proc(pid, "status"))) {
      if (line.startsWith(figure + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + figure + " of process " + pid);
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }
}
