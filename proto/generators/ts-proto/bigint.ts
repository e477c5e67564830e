// With forceLong=bigint every value is exact.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { credentials } from "@grpc/grpc-js";
import { GatewayServiceClient, SlowConsumerPolicy, SubscribeRequest, SubscribeResponse } from "./dydxgateway/v1/gateway_service";
import { SubscriptionState_State } from "./dydxgateway/v1/event";
import { Side } from "./dydxgateway/v1/market_data";

const cannedBytes = (name: string) =>
  Buffer.from(readFileSync(`${process.argv[2]}/${name}.hex`, "ascii").replace(/\s/g, ""), "hex");

const request = SubscribeRequest.fromPartial({
  subscriptions: [
    {
      topic: { trades: { instrumentId: "BTC-USD-PERP.DYDX" } },
      resumeFrom: { epoch: "epoch-1", sequence: 9007199254740993n },
    },
  ],
  slowConsumerPolicy: SlowConsumerPolicy.SLOW_CONSUMER_POLICY_CONFLATE,
  maxLag: { nanos: 250_000_000 },
  expectedNetwork: "mainnet",
});
assert.deepEqual(Buffer.from(SubscribeRequest.encode(request).finish()), cannedBytes("request"));

const response = SubscribeResponse.decode(cannedBytes("response"));
assert.equal(response.events.length, 2);
const [event, live] = response.events;
assert.equal(event.sequence, 9007199254740993n);
assert.equal(event.receiveTimeNs, 1764547200123456789n);
const trade = event.trades!.trades[0];
assert.equal(trade.price, -9007199254740995n);
assert.equal(trade.side, Side.SIDE_SELL);
assert.equal(trade.type as number, 99);
assert.equal(trade.eventTimeNs, 1764547200123456787n);
assert.equal(trade.blockHeight, 18446744073709551615n);
assert.deepEqual(trade.extraFields, { newField: '{"a":1}' });
assert.equal(live.subscriptionState!.state, SubscriptionState_State.STATE_LIVE);
assert.deepEqual(Buffer.from(SubscribeResponse.encode(response).finish()), cannedBytes("response"));

// Never used, so it never connects: that the stub compiles is the point.
new GatewayServiceClient("127.0.0.1:9000", credentials.createInsecure()).close();
