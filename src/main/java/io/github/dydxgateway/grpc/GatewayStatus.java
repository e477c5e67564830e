package io.github.dydxgateway.grpc;

import io.github.dydxgateway.v1.ConnectionStatus;
import java.util.List;

/** What the service reports of the gateway beside its topics. May be called from any thread. */
public interface GatewayStatus {
  /** Version of the gateway. */
  String version();

  /** Names this life of the gateway's sequences. */
  String epoch();

  /** When the gateway started, nanoseconds since the Unix epoch. */
  long startTimeNs();

  /**
   * The venue's network: {@code mainnet}, {@code testnet}, {@code simulator}, or {@code custom}
   * where {@code gateway.upstream.url} is set.
   */
  String network();

  /** Host of the venue's WebSocket, without port. */
  String upstreamHost();

  /** Connections to the venue, by id. */
  List<ConnectionStatus> connections();
}
