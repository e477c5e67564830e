package io.github.dydxgateway.upstream;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that the usual environment variables name: {@code https_proxy} for {@code wss}, {@code
 * http_proxy} for {@code ws}, else {@code all_proxy}, unless {@code no_proxy} excepts the host;
 * each in lower case, or else in upper case. This machine itself is never reached by a proxy.
 */
public final class ProxyEnvironment {
  private final Map<String, String> variables;

  /**
   * @param variables of the process, such as {@link System#getenv()}
   */
  public ProxyEnvironment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * The proxy on the way to a server; empty where there is none.
   *
   * @param target {@code ws://} or {@code wss://}
   * @throws IllegalArgumentException if a variable holds no address of a proxy; names the variable,
   *     but not its value
   */
  public Optional<ProxySettings> proxyFor(URI target) {
    boolean secure = "wss".equalsIgnoreCase(target.getScheme());
    String host = unbracketed(target.getHost()).toLowerCase(Locale.ROOT);
    int port = target.getPort() != -1 ? target.getPort() : secure ? 443 : 80;
    if (isLoopback(host) || isExcepted(host, port)) {
      return Optional.empty();
    }
    Optional<ProxySettings> proxy = proxyIn(secure ? "https_proxy" : "http_proxy");
    return proxy.isPresent() ? proxy : proxyIn("all_proxy");
  }

  private Optional<ProxySettings> proxyIn(String name) {
    for (String variable : new String[] {name, name.toUpperCase(Locale.ROOT)}) {
      String value = variables.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        try {
          return Optional.of(ProxySettings.parse(value));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "environment variable " + variable + " must be " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isLoopback(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    InetAddress address = addressOf(host);
    return address != null && address.isLoopbackAddress();
  }

  private boolean isExcepted(String host, int port) {
    String list = variables.getOrDefault("no_proxy", "");
    if (list.isBlank()) {
      list = variables.getOrDefault("NO_PROXY", "");
    }
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      if (!entry.isEmpty() && (entry.equals("*") || matches(entry, host, port))) {
        return true;
      }
    }
    return false;
  }

  /** A host with those below it, an address, a range of addresses, or one of them with a port. */
  private static boolean matches(String entry, String host, int port) {
    InetAddress address = addressOf(host);
    if (entry.contains("/")) {
      return address != null && isInRange(entry, address);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.startsWith("["));
    if (hasPort && !entry.endsWith("]")) {
      if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = unbracketed(name);
    if (address != null) {
      return address.equals(addressOf(name));
    }
    String domain = name.startsWith("*.") ? name.substring(2) : name.replaceFirst("^\\.", "");
    return host.equals(domain) || host.endsWith("." + domain);
  }

  private static boolean isInRange(String range, InetAddress address) {
    String[] parts = range.split("/", 2);
    try {
      return new IpSubnetFilterRule(parts[0], Integer.parseInt(parts[1]), IpFilterRuleType.ACCEPT)
          .matches(new InetSocketAddress(address, 0));
    } catch (IllegalArgumentException e) {
      return false; // no range that this understands, as other programs take it
    }
  }

  /** The address written out; null for a name, which is not looked up. */
  private static InetAddress addressOf(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
