// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/address.h"

#include <boost/asio/error.hpp>

#include "phy/nr/error.h"
#include "tests/catch.h"

using namespace pado;
using namespace pado::stream;

namespace {

/// The message that refuses it as a UDP address, or what it became.
std::string refusal(std::string_view text) {
  try {
    return "parsed: " + to_string(parse_address(text, Transport::udp));
  } catch (const Error& error) {
    return error.what();
  }
}

std::string listening(const boost::system::error_code& answer) {
  try {
    throw_cannot_listen({.transport = Transport::udp, .host = "192.0.2.1", .port = 5555}, answer);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("address: scheme, host and port are taken apart and put together again", "[address]") {
  CHECK(parse_address("udp://127.0.0.1:5555", Transport::udp) ==
        Address{.transport = Transport::udp, .host = "127.0.0.1", .port = 5555});
  CHECK(parse_address("tcp://[::1]:0", Transport::tcp) ==
        Address{.transport = Transport::tcp, .host = "::1", .port = 0});
  for (const char* text : {"udp://127.0.0.1:5555", "udp://[::1]:65535", "udp://0.0.0.0:0"})
    CHECK(refusal(text) == std::string("parsed: ") + text);
  CHECK(refusal("udp://localhost:1") == "parsed: udp://127.0.0.1:1");
}

TEST_CASE("address: what is wrong is named", "[address]") {
  CHECK_THAT(refusal("127.0.0.1:5555"), ContainsSubstring("no scheme") && ContainsSubstring("udp://127.0.0.1:5555"));
  CHECK_THAT(refusal(""), ContainsSubstring("no scheme"));
  CHECK_THAT(refusal("tcp://127.0.0.1:5555"), ContainsSubstring("scheme tcp is not udp"));
  CHECK_THAT(refusal("udp://127.0.0.1"), ContainsSubstring("no port"));
  CHECK_THAT(refusal("udp://[::1]"), ContainsSubstring("no port"));
  for (const char* port : {"", "65536", "-1", "0x10", "5555 ", "99999999999999999999"}) {
    INFO(port);
    CHECK_THAT(refusal(std::string("udp://127.0.0.1:") + port), ContainsSubstring("is not a number from 0 to 65535"));
  }
  for (const char* host : {"", "example.org", "127.0.0", "::1", "[127.0.0.1]", "[]", "256.0.0.1"}) {
    INFO(host);
    CHECK_THAT(refusal("udp://" + std::string(host) + ":1"), ContainsSubstring("is not an IP address"));
  }
}

TEST_CASE("address: loopback is 127.0.0.0/8 and ::1", "[address]") {
  CHECK(is_loopback({.host = "127.0.0.1"}));
  CHECK(is_loopback({.host = "::1"}));
  CHECK_FALSE(is_loopback({.host = "192.0.2.1"}));
  CHECK_FALSE(is_loopback({.host = "0.0.0.0"}));
}

TEST_CASE("address: an answer of the system says where and what to do", "[address]") {
  CHECK_THAT(listening(boost::asio::error::address_in_use),
             ContainsSubstring("udp://192.0.2.1:5555") && ContainsSubstring("busy"));
  CHECK_THAT(listening(make_error_code(boost::system::errc::address_not_available)),
             ContainsSubstring("192.0.2.1 is not an address of this machine"));
  CHECK_THAT(listening(boost::asio::error::access_denied), ContainsSubstring("1024"));
  CHECK_THAT(listening(boost::asio::error::network_down), ContainsSubstring("cannot listen"));
}
