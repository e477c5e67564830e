/**
 * Measures the packaged gateway beside programs that only move the bytes; see docs/performance.md.
 */
package io.github.dydxgateway.bench;
