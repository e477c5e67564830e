//! Builds a request and decodes a canned response.

#![allow(dead_code)]

use prost::Message;

pub mod dydxgateway {
    pub mod v1 {
        tonic::include_proto!("dydxgateway.v1");
    }
}

use dydxgateway::v1::gateway_service_client::GatewayServiceClient;
use dydxgateway::v1::{event, subscription_state, topic};
use dydxgateway::v1::{
    ResumePoint, Side, SlowConsumerPolicy, SubscribeRequest, SubscribeResponse, Topic, TopicSubscription, TradeType,
    TradesTopic,
};

fn canned_bytes(name: &str) -> Vec<u8> {
    let folder = std::env::args().nth(1).expect("the folder of the canned messages");
    let text = std::fs::read_to_string(format!("{folder}/{name}.hex")).expect("a canned message");
    let digits: Vec<char> = text.chars().filter(|character| !character.is_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hex"))
        .collect()
}

/// That the stub compiles is the point.
fn client(channel: tonic::transport::Channel) -> GatewayServiceClient<tonic::transport::Channel> {
    GatewayServiceClient::new(channel)
}

fn main() {
    let request = SubscribeRequest {
        subscriptions: vec![TopicSubscription {
            topic: Some(Topic {
                kind: Some(topic::Kind::Trades(TradesTopic { instrument_id: "BTC-USD-PERP.DYDX".into() })),
            }),
            resume_from: Some(ResumePoint { epoch: "epoch-1".into(), sequence: 9007199254740993 }),
            ..Default::default()
        }],
        slow_consumer_policy: SlowConsumerPolicy::Conflate.into(),
        max_lag: Some(prost_types::Duration { seconds: 0, nanos: 250_000_000 }),
        expected_network: "mainnet".into(),
        ..Default::default()
    };
    assert_eq!(request.encode_to_vec(), canned_bytes("request"));

    let response = SubscribeResponse::decode(canned_bytes("response").as_slice()).expect("a response");
    assert_eq!(response.events.len(), 2);
    let event = &response.events[0];
    assert_eq!(event.sequence, 9007199254740993);
    assert_eq!(event.receive_time_ns, 1764547200123456789);
    let Some(event::Payload::Trades(trades)) = &event.payload else { panic!("no trades") };
    let trade = &trades.trades[0];
    assert_eq!(trade.price, -9007199254740995);
    assert_eq!(trade.side(), Side::Sell);
    assert_eq!(trade.r#type, 99);
    assert!(TradeType::try_from(trade.r#type).is_err());
    assert_eq!(trade.event_time_ns, 1764547200123456787);
    assert_eq!(trade.block_height, 18446744073709551615);
    assert_eq!(trade.extra_fields.len(), 1);
    assert_eq!(trade.extra_fields["newField"], r#"{"a":1}"#);
    let Some(event::Payload::SubscriptionState(state)) = &response.events[1].payload else { panic!("no state") };
    assert_eq!(state.state(), subscription_state::State::Live);
    assert_eq!(response.encode_to_vec(), canned_bytes("response"));
}
