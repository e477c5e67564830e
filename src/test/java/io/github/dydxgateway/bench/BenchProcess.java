package io.github.dydxgateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the benchmark in a process of its own, told what to do by {@link Commands}. */
final class BenchProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;
  private String greeting;

  /**
   * Starts it, without a wait for its greeting.
   *
   * @param javaHome of the JDK it runs on
   */
  BenchProcess(String javaHome, Class<?> program, List<String> jvmArguments, String... arguments)
      throws IOException {
    name = program.getSimpleName();
    List<String> command = new ArrayList<>();
    command.add(Path.of(javaHome, "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(
        List.of(
            "-Dio.netty.noUnsafe=false",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(
                    Files.createDirectories(BenchSettings.LOGS).resolve(name + ".log").toFile()))
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** What it says first, when it is ready. */
  String greeting() throws IOException {
    greeting = greeting == null ? answer() : greeting;
    return greeting;
  }

  /** Gives a command and waits for the answer. */
  String call(String command) throws IOException {
    greeting();
    commands.write(command + "\n");
    commands.flush();
    return answer();
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null || line.startsWith("error ")) {
      throw new IOException(
          name + " failed: " + line + "; see " + BenchSettings.LOGS.resolve(name + ".log"));
    }
    return line;
  }

  /** Gives a command whose answer is a number. */
  long number(String command) throws IOException {
    return Long.parseLong(call(command));
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
