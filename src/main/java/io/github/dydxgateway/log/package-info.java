/** What may be logged, and how. */
package io.github.dydxgateway.log;
