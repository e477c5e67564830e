/**
 * The chaos test: the gateway between a simulated venue, reached through a proxy that breaks
 * connections by a seeded plan, and clients that come, go, stall and resume; and the checker that
 * compares what each of them got with what the venue published.
 */
package io.github.dydxgateway.chaos;
