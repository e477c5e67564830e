package io.github.dydxgateway.integration;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A venue that refuses all connections until it is opened. */
public final class AbsentVenue implements QuarkusTestResourceLifecycleManager {
  private final AtomicBoolean open = new AtomicBoolean();
  private ScriptedIndexer venue;

  /** Lets the gateway in, or not. */
  public record Door(ScriptedIndexer venue, AtomicBoolean open) {}

  @Override
  public Map<String, String> start() {
    venue = ScriptedIndexer.automatic();
    venue.initialState(Channel.MARKETS, "", Frames.MARKETS);
    venue.onUpgrade(
        attempt ->
            open.get() ? ScriptedIndexer.Upgrade.ACCEPT : ScriptedIndexer.Upgrade.refuse(503));
    return Map.of(
        "gateway.upstream.url", venue.uri().toString(),
        "gateway.upstream.reconnect.initial-delay", "20ms",
        "gateway.upstream.reconnect.max-delay", "100ms");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(new Door(venue, open), field -> field.getType() == Door.class);
  }

  @Override
  public void stop() {
    if (venue != null) {
      venue.close();
    }
  }
}
