/** Addresses of the chain, as they stand in requests and in the configuration. */
package io.github.dydxgateway.address;
