package io.github.dydxgateway.log;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes secrets from URLs for the log. */
public final class UrlText {
  private static final Pattern QUERY_OR_FRAGMENT = Pattern.compile("(?s)[?#].*");

  /** User and password with characters that a URL may not have there. */
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=//)[^/?@:]*:[^/?@]*@");

  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");

  private UrlText() {}

  /**
   * A URL without user, password, query and fragment. Where an {@code @} leaves open what of it is
   * a password, only the scheme and "…" remain.
   *
   * @param url need not be valid
   */
  public static String withoutSecrets(String url) {
    String beforeQuery = QUERY_OR_FRAGMENT.matcher(url).replaceFirst("");
    boolean isPath = url.startsWith("/") && !url.startsWith("//");
    if (isPath || !url.contains("@")) {
      return beforeQuery;
    }
    URI uri = withHost(url);
    if (uri == null) {
      String stripped = CREDENTIALS.matcher(url).replaceFirst("");
      uri = stripped.equals(url) ? null : withHost(stripped);
    }
    if (uri == null || uri.getRawPath().isEmpty() && hasAtSignAfterHost(uri)) {
      Matcher scheme = SCHEME.matcher(url);
      return scheme.find() ? scheme.group() + "…" : "…";
    }
    String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
    return scheme + "//" + uri.getHost() + port + uri.getRawPath();
  }

  private static boolean hasAtSignAfterHost(URI uri) {
    return uri.toString().lastIndexOf('@') > uri.toString().indexOf(uri.getHost());
  }

  /** Returns null where the URL is invalid or has no host. */
  private static URI withHost(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() == null ? null : uri;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
