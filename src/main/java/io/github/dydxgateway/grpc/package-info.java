/**
 * The gRPC service: reads requests, answers with statuses and puts each call's stream onto the
 * wire.
 */
package io.github.dydxgateway.grpc;
