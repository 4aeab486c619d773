// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/complex.h"
#include "phy/propagation/random_stream.h"
#include "stream/address.h"

namespace pado::station {

/// Sends slots to a base station as raw samples over UDP.
class SampleSender {
 public:
  /// sample_time: of the first sample that will be sent. lose: share of the packets that are made and not sent, chosen
  /// by the seed. Throws Error where no socket can be had.
  SampleSender(const stream::Address& to, int antennas, std::uint32_t stream_id, std::uint64_t sample_time, double lose,
               std::uint64_t seed);

  /// samples: [antenna][sample]. Returns the number of packets, with those that were lost on purpose.
  int send(std::span<const ci16> samples);

 private:
  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
  int antennas_;
  std::size_t packet_samples_;
  std::uint32_t stream_id_;
  std::uint64_t sample_time_;
  double lose_;
  propagation::RandomStream random_;
  std::vector<std::uint32_t> sequence_;  // by antenna
};

}  // namespace pado::station
