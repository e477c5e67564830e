package io.github.dydxgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What the packaged gateway runs on.
 *
 * @param name for tables
 * @param javaHome of its JDK, and of that of the floors beside it; null for the executable
 * @param command that starts it, without configuration
 */
record GatewayRuntime(String name, String javaHome, List<String> command) {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  /**
   * A JDK.
   *
   * @param words its home, then arguments of its JVM
   */
  static GatewayRuntime jvm(List<String> words) {
    Path home = Path.of(words.get(0));
    List<String> arguments = words.subList(1, words.size());
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.addAll(arguments);
    command.add("-jar");
    command.add(JAR.toString());
    return new GatewayRuntime(named("Java " + version(home), arguments), home.toString(), command);
  }

  /**
   * An executable.
   *
   * @param words its file, then its arguments
   */
  static GatewayRuntime executable(List<String> words) {
    return new GatewayRuntime(named("native", words.subList(1, words.size())), null, words);
  }

  private static String named(String name, List<String> arguments) {
    return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
  }

  private static String version(Path home) {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(home + " is no JDK", e);
    }
    return release.getProperty("JAVA_VERSION").replace("\"", "");
  }

  boolean isJvm() {
    return javaHome != null;
  }

  /** A JDK for the programs beside it. */
  String floorHome() {
    return isJvm() ? javaHome : System.getProperty("java.home");
  }
}
