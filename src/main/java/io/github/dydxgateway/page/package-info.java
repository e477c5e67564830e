/**
 * A page for people: what the gateway is doing, and one market live. Its HTTP routes, its event
 * stream, which is one more client of the stream room, and its JSON, which is no contract.
 */
package io.github.dydxgateway.page;
