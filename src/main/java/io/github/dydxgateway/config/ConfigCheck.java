package io.github.dydxgateway.config;

import io.github.dydxgateway.address.WalletAddress;
import io.github.dydxgateway.log.ControlCharacters;
import io.github.dydxgateway.log.UrlText;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what the types of {@link GatewayConfig} cannot: ranges, and keys that belong together. */
public final class ConfigCheck {
  private static final Pattern PROXY =
      Pattern.compile("(?i)(http|socks5)://([^\\s/:@]+|\\[[0-9a-f:.]+]):([1-9]\\d{0,4})/?");
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> RESERVED_HEADERS =
      Set.of(
          "host",
          "upgrade",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "expect",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int MAX_SUBACCOUNT = 127_999;

  private final GatewayConfig config;

  /**
   * @param config checked by {@link #check}
   */
  public ConfigCheck(GatewayConfig config) {
    this.config = config;
  }

  /**
   * Checks all keys.
   *
   * @throws ConfigurationException with one line that names the key, what it must be and what it is
   */
  public void check() {
    checkUpstream(config.upstream());
    checkAccounts(config.accounts());
    checkStream(config.stream());
    atLeast("gateway.health.topic-stuck-after", config.health().topicStuckAfter(), 1);
    atLeast("gateway.health.silent-after", config.health().silentAfter(), 1);
    atLeast("gateway.health.loop-stuck-after", config.health().loopStuckAfter(), 1000);
    within("gateway.page.max-streams", config.page().maxStreams(), 1, 10_000);
    checkAccess(config.access());
    checkSimulator(config.simulator());
  }

  private static void checkUpstream(GatewayConfig.Upstream upstream) {
    upstream.url().ifPresent(ConfigCheck::checkUrl);
    within("gateway.upstream.max-connections", upstream.maxConnections(), 1, 1000);
    within("gateway.upstream.redundancy", upstream.redundancy(), 1, 3);
    if (upstream.redundancy() > upstream.maxConnections()) {
      throw wrong(
          "gateway.upstream.redundancy",
          "at most gateway.upstream.max-connections " + upstream.maxConnections(),
          upstream.redundancy());
    }
    if (upstream.verifyInitialState() && upstream.maxConnections() < 2) {
      throw wrong(
          "gateway.upstream.verify-initial-state",
          "false where gateway.upstream.max-connections is 1, for it needs a second connection",
          true);
    }
    atLeast("gateway.upstream.heartbeat-timeout", upstream.heartbeatTimeout(), 1);
    atLeast("gateway.upstream.connect-timeout", upstream.connectTimeout(), 1);
    atLeast("gateway.upstream.first-frame-timeout", upstream.firstFrameTimeout(), 1);
    atLeast("gateway.upstream.subscribe-timeout", upstream.subscribeTimeout(), 1);
    within("gateway.upstream.max-frame-bytes", upstream.maxFrameBytes(), 1 << 20, 1 << 28);
    if (!(upstream.subscribeRate() > 0 && upstream.subscribeRate() <= 1000)) {
      throw wrong(
          "gateway.upstream.subscribe-rate", "above 0 and at most 1000", upstream.subscribeRate());
    }
    GatewayConfig.Reconnect reconnect = upstream.reconnect();
    atLeast("gateway.upstream.reconnect.initial-delay", reconnect.initialDelay(), 1);
    atMostLongest("gateway.upstream.reconnect.max-delay", reconnect.maxDelay());
    if (reconnect.maxDelay().compareTo(reconnect.initialDelay()) < 0) {
      throw wrong(
          "gateway.upstream.reconnect.max-delay",
          "at least gateway.upstream.reconnect.initial-delay " + text(reconnect.initialDelay()),
          text(reconnect.maxDelay()));
    }
    if (!(reconnect.factor() >= 1 && reconnect.factor() <= 100)) {
      throw wrong("gateway.upstream.reconnect.factor", "1 to 100", reconnect.factor());
    }
    atLeast("gateway.upstream.reconnect.jitter", reconnect.jitter(), 0);
    atLeast("gateway.upstream.reconnect.restart-spread", reconnect.restartSpread(), 0);
    checkProxy(upstream);
    upstream.headers().forEach(ConfigCheck::checkHeader);
  }

  private static void checkProxy(GatewayConfig.Upstream upstream) {
    upstream.proxy().ifPresent(ConfigCheck::checkProxyAddress);
    boolean hasUsername = upstream.proxyUsername().isPresent();
    if (hasUsername != upstream.proxyPassword().isPresent()) {
      String missing = hasUsername ? "proxy-password" : "proxy-username";
      String given = hasUsername ? "proxy-username" : "proxy-password";
      throw wrong("gateway.upstream." + missing, "given with gateway.upstream." + given, "none");
    }
  }

  /** The value is not repeated: it may hold a password. */
  private static void checkProxyAddress(String address) {
    String key = "gateway.upstream.proxy";
    if (address.contains("@")) {
      throw wrong(
          key,
          "an address alone, with the credentials in " + key + "-username and " + key + "-password",
          "one with credentials");
    }
    Matcher proxy = PROXY.matcher(address);
    if (isProxy(address) && !(proxy.matches() && Integer.parseInt(proxy.group(3)) <= 65_535)) {
      throw wrong(key, "http://host:port, socks5://host:port or none", address);
    }
  }

  /**
   * Whether a value of {@code gateway.upstream.proxy} names a proxy, and not that there is none.
   */
  public static boolean isProxy(String address) {
    return !address.equalsIgnoreCase("none");
  }

  private static void checkHeader(String name, String value) {
    String key = "gateway.upstream.headers.\"" + name + "\"";
    if (!HEADER_NAME.matcher(name).matches()) {
      throw wrong(key, "named as an HTTP header", "another character in its name");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (RESERVED_HEADERS.contains(lower) || lower.startsWith("sec-websocket-")) {
      throw wrong(key, "a header that the WebSocket itself does not need", name);
    }
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c > '~')) {
      throw wrong(key, "printable ASCII", "another character");
    }
  }

  private static void checkUrl(String text) {
    String key = "gateway.upstream.url";
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(key, "a URL without blanks and line ends", withoutSecrets(text));
    }
    String scheme = url.getScheme();
    if (!("ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme))
        || url.getHost() == null) {
      throw wrong(
          key, "a URL that begins with ws:// or wss:// and names a host", withoutSecrets(text));
    }
    if (url.getRawUserInfo() != null) {
      throw wrong(
          key,
          "a URL without user and password, which belong in gateway.upstream.headers",
          "one with both");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw wrong(key, "a URL with a port of 1 to 65535", withoutSecrets(text));
    }
  }

  /** The log shows what is wrong: without user, password and query, and on one line. */
  private static String withoutSecrets(String url) {
    return ControlCharacters.replaced(UrlText.withoutSecrets(url));
  }

  private static void checkAccounts(List<GatewayConfig.Account> accounts) {
    for (int i = 0; i < accounts.size(); i++) {
      GatewayConfig.Account account = accounts.get(i);
      String key = "gateway.accounts[" + i + "]";
      String problem = WalletAddress.problemOfKeyAddress(account.address());
      if (problem != null) {
        throw wrong(
            key + ".address", "a bech32 address of 43 characters that begins with dydx1", problem);
      }
      for (int number : account.subaccounts().orElse(Set.of())) {
        within(key + ".subaccounts", number, 0, MAX_SUBACCOUNT);
      }
    }
  }

  private static void checkStream(GatewayConfig.Stream stream) {
    atLeast("gateway.stream.max-lag", stream.maxLag(), 0);
    within("gateway.stream.replay-events", stream.replayEvents(), 2, 1 << 24);
    within("gateway.stream.replay-bytes", stream.replayBytes(), 1024, 1L << 32);
    atLeast("gateway.stream.replay-age", stream.replayAge(), 1000);
    within("gateway.stream.max-streams", stream.maxStreams(), 1, 1 << 24);
    within("gateway.stream.max-streams-per-client", stream.maxStreamsPerClient(), 1, 1 << 24);
    within("gateway.stream.max-calls-per-client", stream.maxCallsPerClient(), 1, 1 << 24);
    within("gateway.stream.max-connections", stream.maxConnections(), 1, 1 << 24);
    within(
        "gateway.stream.max-connections-per-client", stream.maxConnectionsPerClient(), 1, 1 << 24);
    atLeast("gateway.stream.request-timeout", stream.requestTimeout(), 100);
    atLeast("gateway.stream.stall-timeout", stream.stallTimeout(), 100);
    within("gateway.stream.max-topics-per-stream", stream.maxTopicsPerStream(), 1, 1 << 20);
    within("gateway.stream.max-topics", stream.maxTopics(), 1, 1 << 20);
    atLeast("gateway.stream.heartbeat-interval", stream.heartbeatInterval(), 100);
    atLeast("gateway.stream.idle-linger", stream.idleLinger(), 0);
    atLeast("gateway.stream.drain-timeout", stream.drainTimeout(), 0);
  }

  private static void checkAccess(GatewayConfig.Access access) {
    if (access.clientCertificates() && access.tlsConfigurationName().isEmpty()) {
      throw wrong(
          "gateway.access.client-certificates",
          "false where gateway.access.tls-configuration-name is not set",
          true);
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < access.tokens().size(); i++) {
      GatewayConfig.Token token = access.tokens().get(i);
      String key = "gateway.access.tokens[" + i + "]";
      if (token.name().isBlank() || !names.add(token.name())) {
        throw wrong(key + ".name", "a name that no other token has", token.name());
      }
      if (!SHA_256.matcher(token.sha256()).matches()) {
        // What stands there may be the token itself.
        throw wrong(
            key + ".sha256",
            "the SHA-256 of the token, 64 hexadecimal digits",
            "something of " + token.sha256().length() + " characters");
      }
      within(key + ".max-streams", token.maxStreams(), 1, 1 << 24);
      for (String account : token.accounts().orElse(Set.of())) {
        String problem = account.equals("*") ? null : WalletAddress.problemOfKeyAddress(account);
        if (problem != null) {
          throw wrong(
              key + ".accounts",
              "* or bech32 addresses of 43 characters that begin with dydx1",
              problem);
        }
      }
    }
  }

  private static void checkSimulator(GatewayConfig.Simulator simulator) {
    within("gateway.simulator.port", simulator.port(), 0, 65535);
    within("gateway.simulator.markets", simulator.markets(), 1, 300);
    Duration tickInterval = simulator.tickInterval();
    if (!tickInterval.isZero() && tickInterval.abs().compareTo(Duration.ofMillis(1)) < 0) {
      throw wrong(
          "gateway.simulator.tick-interval", "0 or a duration of 1 ms or more", tickInterval);
    }
    atLeast("gateway.simulator.tick-interval", tickInterval, 0);
  }

  private static void within(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw wrong(key, least + " to " + most, value);
    }
  }

  private static void atLeast(String key, Duration value, long leastMillis) {
    if (value.compareTo(Duration.ofMillis(leastMillis)) < 0) {
      throw wrong(key, "a duration of " + leastMillis + " ms or more", text(value));
    }
    atMostLongest(key, value);
  }

  private static void atMostLongest(String key, Duration value) {
    if (value.compareTo(LONGEST) > 0) {
      throw wrong(key, "a duration of " + LONGEST.toDays() + " days or less", value);
    }
  }

  private static String text(Duration duration) {
    return duration.compareTo(LONGEST.negated()) < 0
        ? duration.toString()
        : duration.toMillis() + " ms";
  }

  private static ConfigurationException wrong(String key, String expected, Object got) {
    return new ConfigurationException(key + " must be " + expected + ", got " + got, Set.of(key));
  }
}
