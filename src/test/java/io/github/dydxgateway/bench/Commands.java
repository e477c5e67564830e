package io.github.dydxgateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The side of a measured process that takes commands: a line in, a line out. The process ends with
 * its input, so that nothing outlives the benchmark.
 */
final class Commands {
  private Commands() {}

  /** Does one command. */
  @FunctionalInterface
  interface Handler {
    /** Gives the answer, one line. */
    String handle(String command, List<String> arguments) throws Exception;
  }

  /** Says the first answer, then serves until the input ends. */
  static void serve(String greeting, Handler handler) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    out.println(greeting);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = Arrays.asList(line.split(" "));
      String answer;
      try {
        answer = handler.handle(words.get(0), words.subList(1, words.size()));
      } catch (Exception e) {
        e.printStackTrace();
        answer = "error " + e;
      }
      out.println(answer);
    }
    System.exit(0);
  }
}
