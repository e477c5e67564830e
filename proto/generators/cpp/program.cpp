// Builds a request and decodes a canned response.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "dydxgateway/v1/gateway_service.pb.h"
#ifdef WITH_GRPC
#include <grpcpp/grpcpp.h>

#include "dydxgateway/v1/gateway_service.grpc.pb.h"
#endif

namespace v1 = dydxgateway::v1;

static std::string canned_bytes(const std::string& folder, const std::string& name) {
  std::ifstream file(folder + "/" + name + ".hex");
  std::string digits, line, bytes;
  while (file >> line) digits += line;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

#define EXPECT(actual, expected)                                                      \
  if (!((actual) == (expected))) {                                                    \
    std::cerr << "line " << __LINE__ << ": " #actual " is not " #expected << std::endl; \
    return EXIT_FAILURE;                                                              \
  }

int main(int, char** arguments) {
  const std::string canned = arguments[1];
  v1::SubscribeRequest request;
  auto* subscription = request.add_subscriptions();
  subscription->mutable_topic()->mutable_trades()->set_instrument_id("BTC-USD-PERP.DYDX");
  subscription->mutable_resume_from()->set_epoch("epoch-1");
  subscription->mutable_resume_from()->set_sequence(UINT64_C(9007199254740993));
  request.set_slow_consumer_policy(v1::SLOW_CONSUMER_POLICY_CONFLATE);
  request.mutable_max_lag()->set_nanos(250000000);
  request.set_expected_network("mainnet");
  EXPECT(request.SerializeAsString(), canned_bytes(canned, "request"));

  v1::SubscribeResponse response;
  EXPECT(response.ParseFromString(canned_bytes(canned, "response")), true);
  EXPECT(response.events_size(), 2);
  const auto& event = response.events(0);
  EXPECT(event.sequence(), UINT64_C(9007199254740993));
  EXPECT(event.receive_time_ns(), UINT64_C(1764547200123456789));
  EXPECT(event.payload_case(), v1::Event::kTrades);
  const auto& trade = event.trades().trades(0);
  EXPECT(trade.price(), INT64_C(-9007199254740995));
  EXPECT(trade.side(), v1::SIDE_SELL);
  EXPECT(static_cast<int>(trade.type()), 99);
  EXPECT(trade.event_time_ns(), UINT64_C(1764547200123456787));
  EXPECT(trade.block_height(), UINT64_C(18446744073709551615));
  EXPECT(trade.extra_fields().size(), 1u);
  EXPECT(trade.extra_fields().at("newField"), "{\"a\":1}");
  EXPECT(response.events(1).subscription_state().state(), v1::SubscriptionState::STATE_LIVE);
  EXPECT(response.SerializeAsString(), canned_bytes(canned, "response"));

#ifdef WITH_GRPC
  // Never used, so it never connects: that the stub compiles is the point.
  auto stub = v1::GatewayService::NewStub(
      grpc::CreateChannel("127.0.0.1:9000", grpc::InsecureChannelCredentials()));
  EXPECT(stub != nullptr, true);
#endif
  return EXIT_SUCCESS;
}
