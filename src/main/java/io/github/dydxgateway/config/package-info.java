/** The gateway's configuration, checked before anything starts. */
package io.github.dydxgateway.config;
