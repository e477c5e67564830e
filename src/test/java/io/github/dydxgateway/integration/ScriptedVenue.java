package io.github.dydxgateway.integration;

import io.github.dydxgateway.indexer.Channel;
import io.github.dydxgateway.testing.ScriptedIndexer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Starts a scripted venue before the gateway and hands it to the test's field of that type. */
public final class ScriptedVenue implements QuarkusTestResourceLifecycleManager {
  /** An account that the gateway may serve. */
  static final String ADDRESS = "dydx199tqg4wdlnu4qjlxchpd7seg454937hjrknju4";

  private ScriptedIndexer venue;

  @Override
  public Map<String, String> start() {
    venue = ScriptedIndexer.automatic();
    venue.initialState(Channel.MARKETS, "", Frames.MARKETS);
    return Map.of(
        "gateway.upstream.url", venue.uri().toString(),
        "gateway.upstream.subscribe-rate", "100",
        "gateway.upstream.reconnect.initial-delay", "20ms",
        "gateway.upstream.reconnect.jitter", "10ms",
        "gateway.upstream.reconnect.restart-spread", "0s",
        "gateway.stream.idle-linger", "300ms",
        "gateway.stream.heartbeat-interval", "500ms",
        "gateway.accounts[0].address", ADDRESS,
        "gateway.accounts[0].subaccounts", "0,1",
        "gateway.accounts[0].account-id", "DESK-1");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(venue, field -> field.getType() == ScriptedIndexer.class);
  }

  @Override
  public void stop() {
    if (venue != null) {
      venue.close();
    }
  }
}
