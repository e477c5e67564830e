package io.github.dydxgateway.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS with a server that is connected to by its address: the handshake names the server by its
 * name, and its certificate has to be for that name. Vert.x would take the address for both.
 */
final class NamedServerTls extends JdkSSLEngineOptions {
  private final String name;

  /**
   * @param name of the server
   */
  NamedServerTls(String name) {
    this.name = name;
  }

  @Override
  public JdkSSLEngineOptions copy() {
    return new NamedServerTls(name);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return new ForName(super.create(), name);
      }
    };
  }

  private static final class ForName extends DelegatingSslContext {
    private final String name;

    ForName(SslContext context, String name) {
      super(context);
      this.name = name;
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator, String address, int port, boolean startTls, Executor tasks) {
      return super.newHandler(allocator, name, port, startTls, tasks);
    }

    @Override
    protected void initEngine(SSLEngine engine) {} // stays as Vert.x sets it up
  }
}
