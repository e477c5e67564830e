package io.github.dydxgateway.log;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.OutputStream;
import java.util.logging.Handler;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Makes the console's log handler write to the standard streams as they are now. The handler's
 * class reads them once, when it is initialised: in an executable that is at build time, before
 * {@link QueuedPrintStream} is installed.
 */
@Singleton
class ConsoleRedirection {
  private final boolean toStandardError;

  ConsoleRedirection(
      @ConfigProperty(name = "quarkus.log.console.stderr", defaultValue = "false")
          boolean toStandardError) {
    this.toStandardError = toStandardError;
  }

  /** Before any event loop serves a client. */
  void redirect(@Observes @Priority(1) StartupEvent event) {
    OutputStream stream = toStandardError ? System.err : System.out;
    if (stream instanceof QueuedPrintStream) {
      redirect(LogContext.getLogContext().getLogger("").getHandlers(), stream);
    }
  }

  private static void redirect(Handler[] handlers, OutputStream stream) {
    for (Handler handler : handlers) {
      if (handler instanceof ConsoleHandler console) {
        console.setOutputStream(stream);
      } else if (handler instanceof ExtHandler wrapper) {
        redirect(wrapper.getHandlers(), stream);
      }
    }
  }
}
