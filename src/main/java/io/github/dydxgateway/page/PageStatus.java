package io.github.dydxgateway.page;

import io.github.dydxgateway.v1.ConnectionStatus;
import java.util.List;

/** What the page tells of the gateway beside its topics. May be asked from any thread. */
public interface PageStatus {
  /** Version of the gateway. */
  String version();

  /** Names this life of the gateway's sequences. */
  String epoch();

  /** When the gateway started, nanoseconds since the Unix epoch. */
  long startTimeNs();

  /** Connections to the venue, by id. */
  List<ConnectionStatus> connections();
}
