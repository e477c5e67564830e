/** Loads the packaged gateway for long, and measures what it keeps. */
package io.github.dydxgateway.soak;
