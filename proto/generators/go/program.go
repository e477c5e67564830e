// Builds a request and decodes a canned response.
package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/dydxgateway/dydx-gateway/clients/go/dydxgateway/v1"
)

func cannedBytes(name string) []byte {
	text, err := os.ReadFile(filepath.Join(os.Args[1], name+".hex"))
	if err != nil {
		panic(err)
	}
	decoded, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		panic(err)
	}
	return decoded
}

func expect[T comparable](actual, expected T) {
	if actual != expected {
		panic(fmt.Sprintf("expected %v, got %v", expected, actual))
	}
}

func encode(message proto.Message) []byte {
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		panic(err)
	}
	return encoded
}

func main() {
	request := &dydxgatewayv1.SubscribeRequest{
		Subscriptions: []*dydxgatewayv1.TopicSubscription{{
			Topic: &dydxgatewayv1.Topic{Kind: &dydxgatewayv1.Topic_Trades{
				Trades: &dydxgatewayv1.TradesTopic{InstrumentId: "BTC-USD-PERP.DYDX"},
			}},
			ResumeFrom: &dydxgatewayv1.ResumePoint{Epoch: "epoch-1", Sequence: 9007199254740993},
		}},
		SlowConsumerPolicy: dydxgatewayv1.SlowConsumerPolicy_SLOW_CONSUMER_POLICY_CONFLATE,
		MaxLag:             durationpb.New(250 * time.Millisecond),
		ExpectedNetwork:    "mainnet",
	}
	expect(bytes.Equal(encode(request), cannedBytes("request")), true)

	response := &dydxgatewayv1.SubscribeResponse{}
	if err := proto.Unmarshal(cannedBytes("response"), response); err != nil {
		panic(err)
	}
	expect(len(response.Events), 2)
	event := response.Events[0]
	expect(event.Sequence, uint64(9007199254740993))
	expect(event.ReceiveTimeNs, uint64(1764547200123456789))
	trade := event.GetTrades().Trades[0]
	expect(trade.Price, int64(-9007199254740995))
	expect(trade.Side, dydxgatewayv1.Side_SIDE_SELL)
	expect(trade.Type, dydxgatewayv1.TradeType(99))
	expect(trade.EventTimeNs, uint64(1764547200123456787))
	expect(trade.BlockHeight, uint64(18446744073709551615))
	expect(len(trade.ExtraFields), 1)
	expect(trade.ExtraFields["newField"], `{"a":1}`)
	expect(response.Events[1].GetSubscriptionState().State, dydxgatewayv1.SubscriptionState_STATE_LIVE)
	expect(bytes.Equal(encode(response), cannedBytes("response")), true)

	// Never used, so it never connects: that the stub compiles is the point.
	channel, err := grpc.NewClient("127.0.0.1:9000", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	defer channel.Close()
	_ = dydxgatewayv1.NewGatewayServiceClient(channel)
}
