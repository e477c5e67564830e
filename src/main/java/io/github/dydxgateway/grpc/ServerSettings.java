package io.github.dydxgateway.grpc;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys of the gRPC server. They have the names that Quarkus gives them, so that users who know
 * Quarkus know them, but Quarkus' own gRPC server is not used.
 */
@Singleton
class ServerSettings {
  static final String PORT = "quarkus.grpc.server.port";
  private static final String HOST = "quarkus.grpc.server.host";
  private static final String MESSAGE_SIZE = "quarkus.grpc.server.max-inbound-message-size";
  private static final String METADATA_SIZE = "quarkus.grpc.server.max-inbound-metadata-size";
  private static final String REFLECTION = "quarkus.grpc.server.enable-reflection-service";
  private static final String HANDSHAKE_TIMEOUT = "quarkus.grpc.server.handshake-timeout";
  private static final String KEEP_ALIVE_TIME = "quarkus.grpc.server.netty.keep-alive-time";
  private static final String PERMIT_KEEP_ALIVE_TIME =
      "quarkus.grpc.server.netty.permit-keep-alive-time";
  private static final String PERMIT_KEEP_ALIVE_WITHOUT_CALLS =
      "quarkus.grpc.server.netty.permit-keep-alive-without-calls";

  private final String host;
  private final int port;
  private final boolean reflection;
  private final int maxInboundMessageSize;
  private final int maxInboundMetadataSize;
  private final Duration handshakeTimeout;
  private final Duration keepAliveTime;
  private final Duration permitKeepAliveTime;
  private final boolean permitKeepAliveWithoutCalls;

  ServerSettings(
      @ConfigProperty(name = HOST) String host,
      @ConfigProperty(name = PORT) int port,
      @ConfigProperty(name = REFLECTION) boolean reflection,
      @ConfigProperty(name = MESSAGE_SIZE) int maxInboundMessageSize,
      @ConfigProperty(name = METADATA_SIZE) int maxInboundMetadataSize,
      @ConfigProperty(name = HANDSHAKE_TIMEOUT) Duration handshakeTimeout,
      @ConfigProperty(name = KEEP_ALIVE_TIME) Duration keepAliveTime,
      @ConfigProperty(name = PERMIT_KEEP_ALIVE_TIME) Duration permitKeepAliveTime,
      @ConfigProperty(name = PERMIT_KEEP_ALIVE_WITHOUT_CALLS) boolean permitKeepAliveWithoutCalls) {
    this.host = host;
    this.port = port;
    this.reflection = reflection;
    this.maxInboundMessageSize = maxInboundMessageSize;
    this.maxInboundMetadataSize = maxInboundMetadataSize;
    this.handshakeTimeout = handshakeTimeout;
    this.keepAliveTime = keepAliveTime;
    this.permitKeepAliveTime = permitKeepAliveTime;
    this.permitKeepAliveWithoutCalls = permitKeepAliveWithoutCalls;
  }

  /**
   * Checks all keys.
   *
   * @throws ConfigurationException with one line that names the key, what it must be and what it is
   */
  void check() {
    if (port < 0 || port > 65_535) {
      throw wrong(PORT, "0 to 65535", port);
    }
    atLeastOne(MESSAGE_SIZE, maxInboundMessageSize);
    atLeastOne(METADATA_SIZE, maxInboundMetadataSize);
    positive(HANDSHAKE_TIMEOUT, handshakeTimeout);
    positive(KEEP_ALIVE_TIME, keepAliveTime);
    positive(PERMIT_KEEP_ALIVE_TIME, permitKeepAliveTime);
  }

  private static void atLeastOne(String key, int bytes) {
    if (bytes < 1) {
      throw wrong(key, "1 or more", bytes);
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw wrong(key, "a duration above 0", value);
    }
  }

  /** The port can't be opened. */
  ConfigurationException portNotOpened() {
    return wrong(PORT, "a free port that may be opened on " + HOST + " " + host, port);
  }

  private static ConfigurationException wrong(String key, String expected, Object got) {
    return new ConfigurationException(key + " must be " + expected + ", got " + got, Set.of(key));
  }

  String host() {
    return host;
  }

  /** 0: any free port. */
  int port() {
    return port;
  }

  /** Whether reflection is served. */
  boolean reflection() {
    return reflection;
  }

  int maxInboundMessageSize() {
    return maxInboundMessageSize;
  }

  int maxInboundMetadataSize() {
    return maxInboundMetadataSize;
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  Duration keepAliveTime() {
    return keepAliveTime;
  }

  Duration permitKeepAliveTime() {
    return permitKeepAliveTime;
  }

  boolean permitKeepAliveWithoutCalls() {
    return permitKeepAliveWithoutCalls;
  }
}
