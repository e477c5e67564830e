"""Builds a request, decodes a canned response, and streams from GATEWAY if it is set."""

import os
import pathlib
import sys

import grpc
from google.protobuf import text_format

from dydxgateway.v1 import event_pb2, gateway_service_pb2, gateway_service_pb2_grpc
from dydxgateway.v1 import account_pb2, instrument_pb2, market_data_pb2, topic_pb2

CANNED = pathlib.Path(sys.argv[1])
SIX_FILES = (account_pb2, event_pb2, gateway_service_pb2, instrument_pb2, market_data_pb2, topic_pb2)


def canned_bytes(name):
    return bytes.fromhex((CANNED / f"{name}.hex").read_text())


def expect(actual, expected):
    assert actual == expected and type(actual) is type(expected), f"expected {expected!r}, got {actual!r}"


def check_request():
    request = gateway_service_pb2.SubscribeRequest(
        slow_consumer_policy=gateway_service_pb2.SLOW_CONSUMER_POLICY_CONFLATE,
        expected_network="mainnet",
    )
    request.max_lag.FromMilliseconds(250)
    subscription = request.subscriptions.add()
    subscription.topic.trades.instrument_id = "BTC-USD-PERP.DYDX"
    subscription.resume_from.epoch = "epoch-1"
    subscription.resume_from.sequence = 9007199254740993
    expect(request.SerializeToString(deterministic=True), canned_bytes("request"))


def check_response():
    response = gateway_service_pb2.SubscribeResponse.FromString(canned_bytes("response"))
    expect(len(response.events), 2)
    event = response.events[0]
    expect(event.sequence, 9007199254740993)
    expect(event.receive_time_ns, 1764547200123456789)
    expect(event.topic.WhichOneof("kind"), "trades")
    expect(event.WhichOneof("payload"), "trades")
    trade = event.trades.trades[0]
    expect(trade.price, -9007199254740995)
    expect(trade.side, market_data_pb2.SIDE_SELL)
    expect(trade.type, 99)
    expect(trade.event_time_ns, 1764547200123456787)
    expect(trade.block_height, 18446744073709551615)
    expect(dict(trade.extra_fields), {"newField": '{"a":1}'})
    live = response.events[1]
    expect(live.WhichOneof("payload"), "subscription_state")
    expect(live.subscription_state.state, event_pb2.SubscriptionState.STATE_LIVE)
    expect(response.SerializeToString(deterministic=True), canned_bytes("response"))


def check_canned_texts():
    """The canned bytes are what their readable form says."""
    for name, kind in (
        ("request", gateway_service_pb2.SubscribeRequest),
        ("response", gateway_service_pb2.SubscribeResponse),
    ):
        message = text_format.Parse((CANNED / f"{name}.txtpb").read_text(), kind())
        expect(message.SerializeToString(deterministic=True), canned_bytes(name))


def stream(address):
    request = gateway_service_pb2.SubscribeRequest()
    request.subscriptions.add().topic.block_height.SetInParent()
    request.subscriptions.add().topic.order_book.instrument_id = "BTC-USD-PERP.DYDX"
    events = 0
    with grpc.insecure_channel(address) as channel:
        stub = gateway_service_pb2_grpc.GatewayServiceStub(channel)
        call = stub.Subscribe(request, timeout=30)
        first = True
        for response in call:
            for event in response.events:
                if first:
                    expect(event.WhichOneof("payload"), "stream_opened")
                    first = False
                assert event.WhichOneof("payload") != "subscription_error", event
                events += 1
            if events >= 10:
                call.cancel()
                break
    assert events >= 10, f"the stream ended after {events} events"
    return events


check_request()
check_response()
check_canned_texts()
expect(len({file.DESCRIPTOR.name for file in SIX_FILES}), 6)
summary = f"grpcio {grpc.__version__}"
if os.environ.get("GATEWAY"):
    summary += f"; {stream(os.environ['GATEWAY'])} events from {os.environ['GATEWAY']}"
print(summary)
