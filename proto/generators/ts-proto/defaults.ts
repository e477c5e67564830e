// With the default options: 64-bit integers are numbers, and one that a number does not hold is an error, not a wrong value.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SubscribeRequest, SubscribeResponse } from "./dydxgateway/v1/gateway_service";
import { SubscriptionState_State } from "./dydxgateway/v1/event";

const cannedBytes = (name: string) =>
  Buffer.from(readFileSync(`${process.argv[2]}/${name}.hex`, "ascii").replace(/\s/g, ""), "hex");

const request = SubscribeRequest.fromPartial({
  subscriptions: [{ topic: { trades: { instrumentId: "BTC-USD-PERP.DYDX" } } }],
  maxLag: { nanos: 250_000_000 },
});
assert.deepEqual(SubscribeRequest.decode(SubscribeRequest.encode(request).finish()), request);

assert.throws(() => SubscribeResponse.decode(cannedBytes("response")), /MAX_SAFE_INTEGER/);

const response = SubscribeResponse.fromPartial({
  events: [{ sequence: 7, subscriptionState: { state: SubscriptionState_State.STATE_LIVE } }],
});
assert.deepEqual(SubscribeResponse.decode(SubscribeResponse.encode(response).finish()), response);
