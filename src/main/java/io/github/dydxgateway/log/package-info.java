/** What may be logged, and how log lines leave the process without blocking it. */
package io.github.dydxgateway.log;
