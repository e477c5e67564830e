/** The class that connects the rooms of the gateway. */
package io.github.dydxgateway;
