/**
 * Who may use the ports: TLS, tokens and the rights that they give, and who a client is for limits.
 */
package io.github.dydxgateway.access;
