// Loads the contract, builds a request and decodes a canned response.
"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [proto, canned] = process.argv.slice(2);
const cannedBytes = (name) => Buffer.from(readFileSync(`${canned}/${name}.hex`, "ascii").replace(/\s/g, ""), "hex");

// keys: how the options name fields; enumOf(name, value): how they show an enum value.
function check(options, { snake, enumOf }) {
  const definition = loader.loadSync("dydxgateway/v1/gateway_service.proto", { includeDirs: [proto], ...options });
  const { GatewayService } = grpc.loadPackageDefinition(definition).dydxgateway.v1;
  const { requestSerialize, responseSerialize, responseDeserialize } = GatewayService.service.Subscribe;
  const key = (name) => (snake ? name : name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));

  const request = {
    subscriptions: [
      {
        topic: { trades: { [key("instrument_id")]: "BTC-USD-PERP.DYDX" } },
        [key("resume_from")]: { epoch: "epoch-1", sequence: "9007199254740993" },
      },
    ],
    [key("slow_consumer_policy")]: "SLOW_CONSUMER_POLICY_CONFLATE",
    [key("max_lag")]: { nanos: 250000000 },
    [key("expected_network")]: "mainnet",
  };
  assert.deepEqual(requestSerialize(request), cannedBytes("request"));

  const response = responseDeserialize(cannedBytes("response"));
  assert.equal(response.events.length, 2);
  const [event, live] = response.events;
  // By default a Long, with longs: String a string; both print all digits.
  if (options.longs === String) {
    assert.equal(typeof event.sequence, "string");
  }
  assert.equal(event.sequence.toString(), "9007199254740993");
  assert.equal(event[key("receive_time_ns")].toString(), "1764547200123456789");
  const trade = event.trades.trades[0];
  assert.equal(trade.price.toString(), "-9007199254740995");
  assert.equal(trade.side, enumOf("SIDE_SELL", 2));
  assert.equal(trade.type, 99);
  assert.equal(trade[key("event_time_ns")].toString(), "1764547200123456787");
  assert.equal(trade[key("block_height")].toString(), "18446744073709551615");
  assert.deepEqual(trade[key("extra_fields")], { newField: '{"a":1}' });
  assert.equal(live[key("subscription_state")].state, enumOf("STATE_LIVE", 2));
  // With defaults: true the loader encodes default values, so the bytes differ while the message is the same.
  assert.deepEqual(responseDeserialize(responseSerialize(response)), response);
  if (!options.defaults) {
    assert.deepEqual(responseSerialize(response), cannedBytes("response"));
  }

  // Never used, so it never connects: that the client is made is the point.
  new GatewayService("127.0.0.1:9000", grpc.credentials.createInsecure()).close();
}

const names = (name) => name;
const numbers = (_, value) => value;
check({}, { snake: false, enumOf: numbers });
check({ keepCase: true, longs: String, enums: String, oneofs: true }, { snake: true, enumOf: names });
check({ keepCase: true, defaults: true }, { snake: true, enumOf: numbers });
check({ keepCase: true, defaults: true, longs: String, enums: String, oneofs: true }, { snake: true, enumOf: names });
