package io.github.dydxgateway.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.CRC32;

/** A file of the page, held in memory. */
final class PageFile {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final String type;
  private final Buffer content;
  private final String tag;

  private PageFile(String type, byte[] content) {
    this.type = type;
    this.content = Buffer.buffer(content);
    CRC32 sum = new CRC32();
    sum.update(content);
    this.tag = "\"" + Long.toHexString(sum.getValue()) + "-" + content.length + "\"";
  }

  /** Reads a file from the folder {@code page} among the program's resources. */
  static PageFile read(String name) {
    try (InputStream stream = PageFile.class.getResourceAsStream("/page/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its resource page/" + name);
      }
      return new PageFile(TYPES.get(name.substring(name.indexOf('.') + 1)), stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void serve(RoutingContext routing) {
    routing
        .response()
        .putHeader(HttpHeaders.ETAG, tag)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (tag.equals(routing.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      routing.response().setStatusCode(304).end();
    } else {
      routing.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(content.copy());
    }
  }
}
