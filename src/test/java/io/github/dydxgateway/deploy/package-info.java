/** Keeps what is deployed in step with the program: keys, probes, metrics, alerts. */
package io.github.dydxgateway.deploy;
