/** Whether the gateway has started, lives and is ready, over HTTP and gRPC. */
package io.github.dydxgateway.health;
