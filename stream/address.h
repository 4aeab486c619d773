// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace pado::stream {

enum class Transport : std::uint8_t { udp, tcp };

/// Where a socket listens or sends to, as users write it: udp://127.0.0.1:5555, tcp://[::1]:0.
struct Address {
  Transport transport = Transport::udp;
  std::string host = "127.0.0.1";  // an IP address as numbers, without brackets
  std::uint16_t port = 0;          // 0, for one that listens: the system picks one
  bool operator==(const Address&) const = default;
};

/// Throws Error that says what is wrong with the scheme (which has to be `transport`), the host or the port.
/// `localhost` is 127.0.0.1; other names are not looked up.
Address parse_address(std::string_view text, Transport transport);

std::string to_string(const Address& address);

/// Whether the host is this machine's loopback, 127.0.0.0/8 or ::1.
bool is_loopback(const Address& address);

/// Throws Error for what the system answered when a socket was to listen at the address: in one line what is in the way
/// and what to do.
[[noreturn]] void throw_cannot_listen(const Address& address, const boost::system::error_code& answer);

}  // namespace pado::stream
