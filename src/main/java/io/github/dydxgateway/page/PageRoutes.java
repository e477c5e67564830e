package io.github.dydxgateway.page;

import io.github.dydxgateway.access.HttpRights;
import io.github.dydxgateway.access.StreamQuota;
import io.github.dydxgateway.instrument.InstrumentCache;
import io.github.dydxgateway.stream.StreamRegistry;
import io.github.dydxgateway.stream.TopicRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;

/** The page's paths on the HTTP port. All are served on event loops. */
@Singleton
public class PageRoutes {
  private static final String INDEX = "index.html";
  private static final List<String> FILES =
      List.of(
          "page.css",
          "icon.svg",
          "access.js",
          "app.js",
          "book.js",
          "chart.js",
          "fixed.js",
          "market.js",
          "status.js",
          "text.js");

  /** Nothing but what this host serves, and in no frame. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Null until the gateway has started, and if the page is switched off. */
  private volatile Rooms rooms;

  /** What the page serves from. */
  private record Rooms(StatusJson status, PageStreams streams) {}

  void routes(@Observes Router router) {
    PageFile index = PageFile.read(INDEX);
    route(router, "/", (routing, open) -> index.serve(routing));
    for (String name : FILES) {
      PageFile file = PageFile.read(name);
      route(router, "/page/" + name, (routing, open) -> file.serve(routing));
    }
    route(
        router,
        "/status",
        (routing, open) ->
            answer(routing, open.status().status(open.streams().size(), HttpRights.of(routing))));
    route(router, "/instruments", (routing, open) -> answer(routing, open.status().instruments()));
    route(router, "/stream", (routing, open) -> open.streams().serve(routing));
  }

  void open(
      @Observes StartupEvent event,
      PageSettings settings,
      PageStatus status,
      TopicRegistry topics,
      StreamRegistry streams,
      InstrumentCache instruments,
      StreamQuota quota) {
    if (settings.enabled()) {
      rooms =
          new Rooms(
              new StatusJson(status, topics, streams, instruments, Clock.systemUTC()),
              new PageStreams(streams, instruments, quota, settings.maxStreams()));
    }
  }

  private void route(Router router, String path, BiConsumer<RoutingContext, Rooms> handler) {
    router
        .get(path)
        .handler(
            routing -> {
              Rooms open = rooms;
              if (open == null) {
                routing.next();
              } else {
                secure(routing.response().headers());
                handler.accept(routing, open);
              }
            });
  }

  private static void secure(MultiMap headers) {
    headers
        .set("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static void answer(RoutingContext routing, byte[] json) {
    routing
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Buffer.buffer(json));
  }
}
