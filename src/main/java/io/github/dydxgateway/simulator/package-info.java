/**
 * A dYdX Indexer in the same process, for development, tests and demos: it speaks the venue's
 * protocol, limits and faults, and keeps a log of the truth to compare with.
 *
 * <p>It stands alone: it imports nothing of the gateway, so that a misunderstanding of the protocol
 * in one of them does not hide behind the same misunderstanding in the other.
 */
package io.github.dydxgateway.simulator;
