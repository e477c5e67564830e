package io.github.dydxgateway;

import io.github.dydxgateway.log.ControlCharacters;
import io.github.dydxgateway.log.QueuedPrintStream;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.security.Security;
import java.util.Locale;

/** Starts the program: sets what holds for the whole process before anything else runs. */
@QuarkusMain
public final class GatewayMain {
  /** Exit status of a program that is called the wrong way. */
  private static final int WRONG_USAGE = 2;

  GatewayMain() {}

  /** Runs until the process is asked to end; ends at once if it is given arguments. */
  public static void main(String... args) {
    if (args.length > 0) {
      System.err.println(wrongUsage(args[0]));
      System.exit(WRONG_USAGE);
    }
    // The JDK else answers for 10 s that a name is not known after one look-up that failed.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    // What the process writes is read by programs: ASCII digits and no language but English.
    Locale.setDefault(Locale.ROOT);
    openJars();
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      QueuedPrintStream.install();
    }
    Quarkus.run(args);
  }

  /** One line: the executable reads -D after its name, the JVM only before -jar. */
  static String wrongUsage(String argument) {
    return "dydx-gateway takes no arguments, got '"
        + ControlCharacters.replaced(argument)
        + "': set keys as -Dkey=value before -jar (of the executable: after its name), as"
        + " environment variables, or in config/application.properties";
  }

  /**
   * Opens all jars of the class path, which stay open, by a search that none of them can end: a
   * class that is needed first when no file descriptor is left is then still found. The JDK gives
   * up for good on a jar that it could not open.
   */
  private static void openJars() {
    var unused = ClassLoader.getSystemClassLoader().getResource("io/github/dydxgateway/none");
  }
}
