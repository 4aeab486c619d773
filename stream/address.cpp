// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#include "stream/address.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

#include "phy/nr/error.h"

namespace pado::stream {
namespace {

constexpr std::string_view name(Transport transport) { return transport == Transport::udp ? "udp" : "tcp"; }

std::string example(Transport transport) {
  return fmt::format("an address looks like {0}://127.0.0.1:5555 or {0}://[::1]:5555", name(transport));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

Address parse_address(std::string_view text, Transport transport) {
  const std::string whole(text);
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos)
    throw Error(fmt::format("address {}: no scheme before ://; {}", whole, example(transport)));
  if (text.substr(0, colon) != name(transport)) {
    throw Error(
        fmt::format("address {}: scheme {} is not {}", whole, std::string(text.substr(0, colon)), name(transport)));
  }
  text.remove_prefix(colon + 3);
  const std::size_t before_port = text.rfind(':');
  if (before_port == std::string_view::npos || text.find(']', before_port) != std::string_view::npos)
    throw Error(fmt::format("address {}: no port; {}", whole, example(transport)));
  const auto port = parse_port(text.substr(before_port + 1));
  if (!port) {
    throw Error(fmt::format("address {}: port {} is not a number from 0 to 65535", whole,
                            std::string(text.substr(before_port + 1))));
  }
  std::string host(text.substr(0, before_port));
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(host, error);
  if (error || ip.is_v6() != in_brackets) {
    throw Error(fmt::format("address {}: host {} is not an IP address such as 127.0.0.1 or [::1]", whole,
                            std::string(text.substr(0, before_port))));
  }
  return {.transport = transport, .host = ip.to_string(), .port = *port};
}

std::string to_string(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", name(address.transport), v6 ? "[" : "", address.host, v6 ? "]" : "",
                     address.port);
}

bool is_loopback(const Address& address) {
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(address.host, error);
  return !error && ip.is_loopback();
}

void throw_cannot_listen(const Address& address, const boost::system::error_code& answer) {
  const std::string where = to_string(address);
  if (answer == boost::asio::error::address_in_use) {
    throw Error(
        fmt::format("{}: the port is busy, another program listens there; end it, or choose another port", where));
  }
  if (answer == boost::system::errc::address_not_available) {
    throw Error(fmt::format("{}: {} is not an address of this machine; use one that is, such as {}", where,
                            address.host, address.host.find(':') != std::string::npos ? "::1" : "127.0.0.1"));
  }
  if (answer == boost::asio::error::access_denied) {
    throw Error(fmt::format("{}: the system does not let this user listen there; choose a port from 1024 on", where));
  }
  throw Error(fmt::format("{}: cannot listen there: {}", where, answer.message()));
}

}  // namespace pado::stream
