package io.github.dydxgateway.upstream;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * A proxy on the way to the venue. Immutable; its text holds no credentials.
 *
 * @param type HTTP, for the method CONNECT, or SOCKS5
 * @param host name or address
 * @param port 1 to 65535
 * @param username null for none
 * @param password null for none
 */
public record ProxySettings(
    ProxyType type, String host, int port, String username, String password) {
  private static final int HTTP_PORT = 80;
  private static final int SOCKS_PORT = 1080;

  public ProxySettings {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(host, "host");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535: " + port);
    }
  }

  /**
   * Reads {@code http://host:3128} or {@code socks5://host:1080}; a name and password before the
   * host are taken, and {@code host:port} alone is HTTP.
   *
   * @throws IllegalArgumentException if it is no such address; the message names no credentials
   */
  public static ProxySettings parse(String address) {
    URI uri = uri(address.contains("://") ? address : "http://" + address);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    ProxyType type =
        switch (scheme) {
          case "http" -> ProxyType.HTTP;
          case "socks5", "socks5h" -> ProxyType.SOCKS5; // names are always resolved by the proxy
          default -> throw wrong();
        };
    boolean justAnAddress =
        uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && (uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getPath().equals("/"));
    if (uri.getHost() == null || !justAnAddress) {
      throw wrong();
    }
    int port = uri.getPort();
    if (port == -1) {
      port = type == ProxyType.HTTP ? HTTP_PORT : SOCKS_PORT;
    }
    String[] user = uri.getRawUserInfo() == null ? null : uri.getRawUserInfo().split(":", 2);
    if (port < 1 || port > 65_535 || (user != null && user.length < 2)) {
      throw wrong();
    }
    return new ProxySettings(
        type,
        unbracketed(uri.getHost()),
        port,
        user == null ? null : decoded(user[0]),
        user == null ? null : decoded(user[1]));
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong(); // whose message would show the credentials
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "an address such as http://host:3128 or socks5://host:1080");
  }

  /** The same proxy with these credentials. */
  public ProxySettings withCredentials(String newUsername, String newPassword) {
    return new ProxySettings(type, host, port, newUsername, newPassword);
  }

  /**
   * @param address of {@link #host}, so that nothing is looked up any more
   */
  ProxyOptions options(String address, Duration connectTimeout) {
    return new ProxyOptions()
        .setType(type)
        .setHost(address)
        .setPort(port)
        .setUsername(username)
        .setPassword(password)
        .setConnectTimeout(connectTimeout);
  }

  @Override
  public String toString() {
    String scheme = type == ProxyType.HTTP ? "http" : "socks5";
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
