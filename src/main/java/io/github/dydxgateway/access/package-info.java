/** Who may use the ports: TLS, tokens and the rights that they give. */
package io.github.dydxgateway.access;
