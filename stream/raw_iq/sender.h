// SPDX-FileCopyrightText: 2026 The Pado authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "stream/address.h"
#include "stream/recording/played_samples.h"

namespace pado::stream::raw_iq {

/// What became of a stream so far.
struct SendCounters {
  std::int64_t packets = 0;          // sent
  std::int64_t packets_refused = 0;  // of them: nobody listened there, as the other side let us know
  std::int64_t packets_failed = 0;   // that the system did not take
  std::int64_t samples = 0;          // of each antenna
  std::int64_t bytes = 0;            // of datagrams
  std::int64_t loops = 0;            // that are done
  double seconds = 0;
  double most_behind_s = 0;  // the farthest that a burst went out after its time
};

struct SendOptions {
  Address to;
  double speed = 1;        // of real time
  std::int64_t loops = 1;  // 0: until stop
  int datagram_bytes = 0;  // at most, header included; 0: 8192 to this machine itself, else 1472
  std::uint32_t stream_id = 0;
  const std::atomic<bool>* stop = nullptr;                 // ends it when the slot is sent
  std::function<void(const SendCounters&)> progress = {};  // called some times a second
};

/// Sends samples at their rate: a burst goes out when its last sample would have been taken. Numbers and sample time
/// run on over the loops. Throws Error where there is no way to the address, or datagrams of that size do not go there.
SendCounters send(const PlayedSamples& played, const SendOptions& options);

}  // namespace pado::stream::raw_iq
