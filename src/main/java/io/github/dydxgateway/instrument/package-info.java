/**
 * What is known of the venue's instruments: ids, scales, definitions. It knows nothing of
 * connections; whoever hears of a market puts it in.
 */
package io.github.dydxgateway.instrument;
