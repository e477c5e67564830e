/** The gateway's meters, in Micrometer. */
package io.github.dydxgateway.metrics;
