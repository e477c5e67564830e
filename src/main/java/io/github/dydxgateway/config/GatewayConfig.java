package io.github.dydxgateway.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All keys under {@code gateway}. Each is an environment variable as well: {@code
 * GATEWAY_UPSTREAM_URL}.
 */
@ConfigMapping(prefix = "gateway")
public interface GatewayConfig {
  /** The venue. */
  Upstream upstream();

  /** Accounts whose private channels may be served. */
  List<Account> accounts();

  /** Topics and clients. */
  Stream stream();

  /** Health. */
  Health health();

  /** The page for people. */
  Page page();

  /** Who may use the ports. */
  Access access();

  /** The built-in simulator; used where {@code gateway.upstream.network} is {@code simulator}. */
  Simulator simulator();

  /** The venue's networks. */
  enum Network {
    /** Real money. */
    MAINNET,
    /** The venue's test network. */
    TESTNET,
    /** A venue in this process. */
    SIMULATOR
  }

  /** How to reach the venue. */
  interface Upstream {
    /** Which network. */
    @WithDefault("mainnet")
    Network network();

    /** Any {@code ws://} or {@code wss://} URL; wins over the network. */
    Optional<String> url();

    /** Ask the venue for batches of 250 ms. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean batched();

    /** Most connections. */
    @WithDefault("16")
    int maxConnections();

    /** On how many connections each topic is subscribed. */
    @WithDefault("1")
    int redundancy();

    /**
     * Whether books and accounts on one connection are compared with a second initial state, on
     * another connection, soon after each first one.
     */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean verifyInitialState();

    /** Nothing received for this long: reconnect. */
    @WithDefault("40s")
    Duration heartbeatTimeout();

    /** Longest time to connect, up to the venue's first frame. */
    @WithDefault("15s")
    Duration connectTimeout();

    /**
     * Longest wait for the answer to the WebSocket upgrade, and after that for the venue's first
     * frame.
     */
    @WithDefault("3s")
    Duration firstFrameTimeout();

    /** Waits between attempts. */
    Reconnect reconnect();

    /** Subscribes per second and connection; fewer after the venue's rate limit was hit. */
    @WithDefault("50")
    double subscribeRate();

    /** A subscribe not answered for this long is sent again. */
    @WithDefault("10s")
    Duration subscribeTimeout();

    /** Longest message, in bytes. */
    @WithDefault("16777216")
    int maxFrameBytes();

    /**
     * {@code http://host:port}, {@code socks5://host:port} or {@code none}; not given: what the
     * environment says.
     */
    Optional<String> proxy();

    /** Name at the proxy; a secret. */
    Optional<String> proxyUsername();

    /** Password at the proxy; a secret. */
    Optional<String> proxyPassword();

    /** Headers sent with the request for a WebSocket, by name; the values are secrets. */
    Map<String, String> headers();
  }

  /** Waits between attempts to connect; there is no last attempt. */
  interface Reconnect {
    /** The first. */
    @WithDefault("250ms")
    Duration initialDelay();

    /** The longest. */
    @WithDefault("5s")
    Duration maxDelay();

    /** How much longer each is than the one before. */
    @WithDefault("2.0")
    double factor();

    /** Longest random addition. */
    @WithDefault("200ms")
    Duration jitter();

    /** Longest random addition after the venue closed for a restart. */
    @WithDefault("2s")
    Duration restartSpread();
  }

  /** An account. */
  interface Account {
    /** Bech32 with prefix {@code dydx}. */
    String address();

    /** Numbers that may be served, each with its children; none: all. */
    Optional<Set<Integer>> subaccounts();

    /** Label told to clients. */
    Optional<String> accountId();
  }

  /** Limits of topics and clients. */
  interface Stream {
    /** How long an event may wait for a client while its topic is LIVE; zero: for ever. */
    @WithDefault("1s")
    Duration maxLag();

    /**
     * Events that a topic keeps at least, as far as the next two keys allow, for clients that
     * resume or lag.
     */
    @WithDefault("4096")
    int replayEvents();

    /** Bytes that the log of a topic may take. */
    @WithDefault("2097152")
    long replayBytes();

    /** Age of an event after which its part of the log may be dropped. */
    @WithDefault("1h")
    Duration replayAge();

    /** Streams served at once. */
    @WithDefault("10000")
    int maxStreams();

    /** Streams of one client: of one IPv4 address, or of one IPv6 network of 64 bits. */
    @WithDefault("1000")
    int maxStreamsPerClient();

    /** Calls of one client that are no streams, at once. */
    @WithDefault("256")
    int maxCallsPerClient();

    /** Connections to the gRPC port at once. */
    @WithDefault("10000")
    int maxConnections();

    /** Connections of one client to the gRPC port. */
    @WithDefault("1000")
    int maxConnectionsPerClient();

    /** A call whose request has not come after so long is ended. */
    @WithDefault("10s")
    Duration requestTimeout();

    /** A stream to which nothing could be sent for so long is ended. */
    @WithDefault("60s")
    Duration stallTimeout();

    /** Topics of one stream. */
    @WithDefault("1024")
    int maxTopicsPerStream();

    /** Topics open at once. */
    @WithDefault("10000")
    int maxTopics();

    /** A stream that was quiet for so long gets a heartbeat. */
    @WithDefault("5s")
    Duration heartbeatInterval();

    /** How long a topic that nobody streams is kept. */
    @WithDefault("10s")
    Duration idleLinger();

    /** How long clients have to read what waits for them when the gateway stops. */
    @WithDefault("5s")
    Duration drainTimeout();
  }

  /** Health. */
  interface Health {
    /**
     * A topic for whose state the venue was asked so long ago makes the gateway not ready; so does
     * one that waits its turn to be asked for while the venue answers nothing for so long.
     */
    @WithDefault("30s")
    Duration topicStuckAfter();

    /**
     * A live subscription that is quiet for so long, and for twenty of its usual intervals, is
     * silent.
     */
    @WithDefault("60s")
    Duration silentAfter();

    /** An event loop that stands still for so long makes the gateway not ready and not alive. */
    @WithDefault("10s")
    Duration loopStuckAfter();
  }

  /** The page for people, on the HTTP port. */
  interface Page {
    /** Whether there is one. */
    @WithDefault("true")
    boolean enabled();

    /** Browsers that may stream at once; each counts as a stream as well. */
    @WithDefault("20")
    int maxStreams();
  }

  /** Who may use the ports, and what each may have. */
  interface Access {
    /** Serve the network without TLS. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean plainText();

    /** The TLS registry's configuration for both ports: {@code quarkus.tls.<name>}. */
    Optional<String> tlsConfigurationName();

    /** Whether clients have to show a certificate. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean clientCertificates();

    /** Whether metrics are told without a token. */
    @WithDefault("true")
    @WithConverter(TrueOrFalse.class)
    boolean openMetrics();

    /** Whether JSON Web Tokens are taken; {@code mp.jwt.verify} says whose. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean jwt();

    /** Tokens, by their hashes. */
    List<Token> tokens();
  }

  /** A token. */
  interface Token {
    /** Who has it, for logs. */
    String name();

    /** SHA-256 of it, in hex. */
    String sha256();

    /** Whether it gives market data. */
    @WithDefault("true")
    @WithConverter(TrueOrFalse.class)
    boolean marketData();

    /** Addresses of the accounts that it gives; {@code *}: all configured. */
    Optional<Set<String>> accounts();

    /** Streams that may be open with it at once. */
    @WithDefault("1000")
    int maxStreams();
  }

  /** The built-in simulator. */
  interface Simulator {
    /** TCP port on 127.0.0.1; 0: any. */
    @WithDefault("0")
    int port();

    /** The same seed gives the same story. */
    @WithDefault("42")
    long seed();

    /** How often the market moves, at least 1 ms; 0: only on demand, through the control. */
    @WithDefault("100ms")
    Duration tickInterval();

    /** Number of markets. */
    @WithDefault("40")
    int markets();

    /** Whether its faults can be commanded over HTTP. */
    @WithDefault("false")
    @WithConverter(TrueOrFalse.class)
    boolean control();
  }
}
